/** What may be said of the names of the tables. */
export interface TableNameOptions {
  /**
   * The schema that holds the tables; it must exist already. Only where the database has schemas. Default: the one
   * that the connection's `search_path` finds.
   */
  readonly schema?: string;
  /** What the names of the tables, and of their constraints, begin with. Default `flamingock_`. */
  readonly prefix?: string;
}

/** The tables, by what they hold. */
export type Table = 'schema' | 'ledger' | 'lock' | 'checkpoint' | 'fence';

/** How the tables are called. */
export interface TableNames {
  readonly schema: string | undefined;
  readonly prefix: string;
  /** Without the schema: `flamingock_ledger`. */
  name(table: Table): string;
  /** As people and error messages write it: `audit.flamingock_ledger`. */
  shown(table: Table): string;
  /** As statements write it: `"audit"."flamingock_ledger"`. */
  quoted(table: Table): string;
  /** A constraint of a table, as statements write it: `"flamingock_ledger_key"`. */
  key(table: Table): string;
}

/** The longest prefix with which the longest name still fits into what PostgreSQL keeps of one. */
export const LONGEST_PREFIX = 40;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Tells whether a value can be a part of a name: letters, digits and underscores, without a digit in front. */
export function isIdentifier(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && IDENTIFIER.test(value);
}

/** The names of the tables. Whoever takes options from an application checks them first. */
export function tableNames({ schema, prefix = 'flamingock_' }: TableNameOptions = {}): TableNames {
  const name = (table: Table): string => `${prefix}${table}`;
  return {
    schema,
    prefix,
    name,
    shown: (table) => (schema === undefined ? name(table) : `${schema}.${name(table)}`),
    quoted: (table) => (schema === undefined ? `"${name(table)}"` : `"${schema}"."${name(table)}"`),
    key: (table) => `"${name(table)}_key"`,
  };
}
