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

/** Flags of the server's status, which comes with each answer that has no rows. */
const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/** What a statement answered that returned no rows. */
export interface MysqlHeader {
  readonly affectedRows: number;
  readonly serverStatus: number;
  readonly warningStatus?: number;
  readonly stateChanges?: { readonly schema?: string | null };
}

/** What the last statement without rows answered, of one or of several; of a procedure its own end. */
export function headerOf(result: unknown): MysqlHeader | undefined {
  if (!Array.isArray(result)) return isHeader(result) ? result : undefined;
  return (result as readonly unknown[]).findLast(isHeader);
}

/** Whether a transaction is open after the statement. */
export function isInTransaction(header: MysqlHeader | undefined): boolean {
  return ((header?.serverStatus ?? 0) & IN_TRANSACTION) !== 0;
}

/** Whether statements commit by themselves after this one, unless a transaction is begun. */
export function isAutocommit({ serverStatus }: MysqlHeader): boolean {
  return (serverStatus & AUTOCOMMIT) !== 0;
}

/**
 * Whether an answer tells where a transaction stands, or needs not: rows alone change nothing. Of several answers only
 * the last one could, and rows do not.
 */
export function tellsState(result: unknown): boolean {
  if (!Array.isArray(result)) return true;
  const answers = result as readonly unknown[];
  const several = answers.some((answer) => Array.isArray(answer) || isHeader(answer));
  return !several || isHeader(answers.at(-1));
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
