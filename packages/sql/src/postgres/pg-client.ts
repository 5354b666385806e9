/** The part of a `Client` of pg that is used. */
export interface PgClient {
  /** `false` while a statement is under way. */
  readonly readyForQuery?: boolean;
  /** The protocol below the client, whose messages tell where a transaction stands. */
  readonly connection?: PgProtocol;
  /** Not in older versions of pg. */
  getTransactionStatus?(): string | null;
  query(statement: { text: string; values?: unknown[] }): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of the protocol's emitter that is used. */
export interface PgProtocol {
  readonly stream: { destroy(): unknown };
  on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): unknown;
  removeListener(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): unknown;
}

/** A client that a pool has lent. */
export interface PgPoolClient extends PgClient {
  /** With a reason the pool closes the connection instead of lending it again. */
  release(reason?: Error): void;
}

/** The part of a `Pool` of pg that is used. */
export interface PgPool {
  readonly options: { readonly max?: number | undefined };
  readonly totalCount: number;
  /** Gives a client, or else the error. */
  connect(use: (error: Error, client: PgPoolClient | undefined) => void): unknown;
  query(text: string): unknown;
}

/** Something that holds a `Pool` of pg, as `app.pg` of @fastify/postgres does. */
export interface PgPoolHolder {
  readonly pool: PgPool;
}

/** What one statement answered. */
export interface PgResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Tells a `Pool` of pg by its shape. */
export function isPgPool(value: unknown): value is PgPool {
  const { totalCount, options, connect, query } = partsOf<PgPool>(value);
  return (
    typeof totalCount === 'number' &&
    typeof options === 'object' &&
    typeof connect === 'function' &&
    typeof query === 'function'
  );
}

/** Tells what holds a `Pool` of pg by its shape. */
export function isPgPoolHolder(value: unknown): value is PgPoolHolder {
  return isPgPool(partsOf<PgPoolHolder>(value).pool);
}

/** Tells a connected or connecting `Client` of pg by its shape. */
export function isPgClient(value: unknown): value is PgClient {
  const { connection, query, on } = partsOf<PgClient>(value);
  return typeof connection === 'object' && typeof query === 'function' && typeof on === 'function';
}

/** The results of a message, one for each of its statements. */
export function resultsOf(answer: unknown): readonly PgResult[] {
  return Array.isArray(answer) ? (answer as PgResult[]) : [answer as PgResult];
}

function partsOf<T>(value: unknown): Partial<Record<keyof T, unknown>> {
  return typeof value === 'object' && value !== null ? value : {};
}
