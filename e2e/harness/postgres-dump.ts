import type pg from 'pg';

/** Every table of a database, with its columns and the text of each row. */
export type PostgresDump = Readonly<Record<string, { readonly columns: unknown; readonly rows: unknown }>>;

/** Reads all tables, past everything that is tested. */
export async function dumpOf(client: pg.Client | pg.Pool): Promise<PostgresDump> {
  const { rows: tables } = await client.query<{ name: string; columns: unknown }>(`
    SELECT table_name AS name, json_agg(column_name || ' ' || data_type ORDER BY ordinal_position) AS columns
    FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name`);
  const dump: Record<string, PostgresDump[string]> = {};
  for (const { name, columns } of tables) {
    const { rows } = await client.query({
      text: `SELECT t::text FROM "${name}" t ORDER BY 1`,
      rowMode: 'array',
    });
    dump[name] = { columns, rows: rows.flat() };
  }
  return dump;
}
