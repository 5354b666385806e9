import pg from 'pg';

/** What each application of the bench `boot` is made of, whatever its framework. */
const { DATABASE_URL, FLAMINGOCK } = process.env;
const CHANGES = 10;

export const usesFlamingock = FLAMINGOCK === 'yes';
export const pool = new pg.Pool({ connectionString: DATABASE_URL });

/** What every one of them does before it listens: to see whether its database is there. */
export async function openDatabase() {
  await pool.query('SELECT 1');
}

/** Imported by those only that use them: to load them is part of what is measured. */
export async function engineOptions() {
  const { defineChange } = await import('@flamingock/core');
  const { sqlAuditStore, SqlExecutor, sqlTarget } = await import('@flamingock/sql');
  return {
    service: 'orders',
    environment: 'bench',
    auditStore: sqlAuditStore(pool),
    targets: { 'orders-db': sqlTarget(pool) },
    changes: Array.from({ length: CHANGES }, (_, index) =>
      defineChange({
        id: `change-${index + 1}`,
        order: index + 1,
        name: `Change${index + 1}`,
        targetSystem: 'orders-db',
        inject: { sql: SqlExecutor },
        apply: ({ sql }) => sql.execute(`INSERT INTO effects (number) VALUES (${index + 1})`),
      }),
    ),
    logger: /** @type {const} */ (false),
  };
}

export function listening() {
  process.stdout.write('listening\n');
}
