/** The part of a connection of mysql2 that is used: of its callback interface, below any promises. */
export interface MysqlClient {
  readonly config: MysqlCredentials;
  readonly stream: { destroy(): unknown };
  query(statement: MysqlQuery, use: (error: Error | null, result?: unknown) => void): unknown;
  destroy(): void;
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
  removeListener(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
}

/** A statement as mysql2 takes it, with the options that differ from those of the connection. */
export interface MysqlQuery {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly rowsAsArray: false;
  readonly namedPlaceholders?: false;
  readonly nestTables?: false;
  readonly typeCast?: true;
}

/** What a pool or a connection was given to sign in with. */
export interface MysqlCredentials {
  readonly user?: unknown;
  readonly database?: unknown;
  readonly password?: unknown;
}

/** A connection that a pool has lent. */
export interface MysqlPoolClient extends MysqlClient {
  release(): void;
}

/** The part of a pool of mysql2 that is used: of its callback interface. */
export interface MysqlPool {
  readonly config: { readonly connectionLimit?: unknown; readonly connectionConfig: MysqlCredentials };
  getConnection(use: (error: Error | null, client?: MysqlPoolClient) => void): unknown;
}

/** What the application passes: a pool or a connection of mysql2, with callbacks or with promises. */
export type MysqlDatabase = MysqlWithCallbacks | MysqlPoolWithPromises | MysqlConnectionWithPromises;

/** Of `mysql2`. */
export interface MysqlWithCallbacks {
  readonly config: object;
  promise(): unknown;
}

/** Of `mysql2/promise`. */
export interface MysqlPoolWithPromises {
  readonly pool: MysqlWithCallbacks;
}

/** Of `mysql2/promise`; the connection that it stands on is not in its types. */
export interface MysqlConnectionWithPromises {
  beginTransaction(): Promise<unknown>;
  changeUser(options: object): Promise<unknown>;
}

/** The pool of mysql2 that this is, or that its promises stand on; `undefined` for anything else. */
export function mysqlPoolOf(value: unknown): MysqlPool | undefined {
  const inner = isPool(value) ? value : partsOf<MysqlPoolWithPromises>(value).pool;
  return isPool(inner) ? inner : undefined;
}

/** The connection of mysql2 that this is, or that its promises stand on; `undefined` for anything else. */
export function mysqlClientOf(value: unknown): MysqlClient | undefined {
  const inner = isClient(value) ? value : partsOf<{ readonly connection: unknown }>(value).connection;
  return isClient(inner) ? inner : undefined;
}

/** Not that of the older package `mysql`, which has no promises and does not tell where a transaction stands. */
function isPool(value: unknown): value is MysqlPool {
  const { config, getConnection, promise } = partsOf<MysqlPool & MysqlWithCallbacks>(value);
  const { connectionConfig } = partsOf<MysqlPool['config']>(config);
  return (
    typeof connectionConfig === 'object' &&
    typeof getConnection === 'function' &&
    typeof promise === 'function'
  );
}

function isClient(value: unknown): value is MysqlClient {
  const { stream, query, destroy, promise } = partsOf<MysqlClient & MysqlWithCallbacks>(value);
  return (
    typeof stream === 'object' &&
    typeof query === 'function' &&
    typeof destroy === 'function' &&
    typeof promise === 'function'
  );
}

/** What a statement answered that returned no rows. */
export interface MysqlHeader {
  readonly affectedRows: number;
  readonly serverStatus: number;
  readonly stateChanges?: { readonly schema?: string | null };
}

/**
 * The end of what a statement answered, where that was no row; of a procedure what it answered last. With promises it
 * comes first in a pair.
 */
export function headerOf(result: unknown): MysqlHeader | undefined {
  if (!Array.isArray(result)) return isHeader(result) ? result : undefined;
  const [first] = result as readonly unknown[];
  const ends: readonly unknown[] = [result.at(-1), first, Array.isArray(first) ? first.at(-1) : undefined];
  return ends.find(isHeader);
}

function isHeader(value: unknown): value is MysqlHeader {
  const { affectedRows, serverStatus } = partsOf<MysqlHeader>(value);
  return typeof affectedRows === 'number' && typeof serverStatus === 'number';
}

/** The rows that a statement answered; of a procedure the first ones. */
export function rowsOf(result: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(result)) return [];
  const [first] = result as readonly unknown[];
  return (Array.isArray(first) ? first : result) as readonly Readonly<Record<string, unknown>>[];
}

function partsOf<T>(value: unknown): Partial<Record<keyof T, unknown>> {
  return typeof value === 'object' && value !== null ? value : {};
}
