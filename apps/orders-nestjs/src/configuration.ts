import { z } from 'zod';

const text = z.string('is missing').trim().min(1, 'is empty');
const address = text
  .pipe(z.url({ protocol: /^https?$/, error: 'is no http(s) address' }))
  .transform((url) => url.replace(/\/+$/, ''));

const postgresAddress = text.pipe(z.url({ protocol: /^postgres(ql)?$/, error: 'is no postgres:// address' }));

/** With `DATABASE_URL` everything lies on PostgreSQL, else in two files of SQLite. */
const postgres = {
  DATABASE_URL: postgresAddress,
  AUDIT_DATABASE_URL: postgresAddress.optional(),
};
const sqlite = { ORDERS_DB: text, AUDIT_DB: text };

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is no port number')
  .transform(Number)
  .pipe(z.number().max(65_535, 'is above 65535'));

const server = {
  PORT: port.default(3000),
  MESSAGES_PORT: port.optional(),
  FLAMINGOCK_ENV: text,
};
const systems = { SCHEMA_REGISTRY_URL: address, CONTRACTS_URL: address, GATEWAY_URL: address };

const onPostgres = z
  .object({ ...server, ...postgres, ...systems })
  .transform(({ DATABASE_URL, AUDIT_DATABASE_URL = DATABASE_URL, ...rest }) => ({
    ...rest,
    databases: { type: 'postgres', orders: DATABASE_URL, audit: AUDIT_DATABASE_URL } as const,
  }));
const onSqlite = z
  .object({ ...server, ...sqlite, ...systems })
  .transform(({ ORDERS_DB, AUDIT_DB, ...rest }) => ({
    ...rest,
    databases: { type: 'sqlite', orders: ORDERS_DB, audit: AUDIT_DB } as const,
  }));

/** Where the orders are, and where ledger and lock live: files of SQLite, or addresses of PostgreSQL. */
export interface Databases {
  readonly type: 'sqlite' | 'postgres';
  readonly orders: string;
  /** On PostgreSQL it may be the database of the orders. */
  readonly audit: string;
}

/** What the application has to be told. Addresses come without a slash at the end. */
export interface Configuration {
  /** 0 picks a free one. Default 3000. */
  readonly port: number;
  /** Where it consumes messages, as well as HTTP requests. Default: it consumes none. */
  readonly messagesPort: number | undefined;
  /** Whose ledger it is: `production`, `staging`, `local`. */
  readonly environment: string;
  readonly databases: Databases;
  readonly schemaRegistryUrl: string;
  readonly contractsUrl: string;
  readonly gatewayUrl: string;
}

/** The token under which the application's own services ask for it. */
export const CONFIGURATION = Symbol('Configuration');

/** Reads environment variables. Throws one error that names every variable that cannot be used, and no value. */
export function readConfiguration(variables: NodeJS.ProcessEnv): Configuration {
  const environmentVariables = variables['DATABASE_URL'] === undefined ? onSqlite : onPostgres;
  const { data, error } = environmentVariables.safeParse(variables);
  if (error !== undefined) {
    const problems = error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Error(`The environment variables of this application cannot be used:\n${problems.join('\n')}`);
  }
  return {
    port: data.PORT,
    messagesPort: data.MESSAGES_PORT,
    environment: data.FLAMINGOCK_ENV,
    databases: data.databases,
    schemaRegistryUrl: data.SCHEMA_REGISTRY_URL,
    contractsUrl: data.CONTRACTS_URL,
    gatewayUrl: data.GATEWAY_URL,
  };
}
