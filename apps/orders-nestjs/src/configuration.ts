import { z } from 'zod';

const text = z.string('is missing').trim().min(1, 'is empty');
const address = text
  .pipe(z.url({ protocol: /^https?$/, error: 'is no http(s) address' }))
  .transform((url) => url.replace(/\/+$/, ''));

const environmentVariables = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'is no port number')
    .transform(Number)
    .pipe(z.number().max(65_535, 'is above 65535'))
    .default(3000),
  FLAMINGOCK_ENV: text,
  ORDERS_DB: text,
  AUDIT_DB: text,
  SCHEMA_REGISTRY_URL: address,
  CONTRACTS_URL: address,
  GATEWAY_URL: address,
});

/** What the application has to be told. Addresses come without a slash at the end. */
export interface Configuration {
  /** 0 picks a free one. Default 3000. */
  readonly port: number;
  /** Whose ledger it is: `production`, `staging`, `local`. */
  readonly environment: string;
  /** The file of the orders database. */
  readonly ordersDatabase: string;
  /** The file of the audit store, a database of its own. */
  readonly auditDatabase: string;
  readonly schemaRegistryUrl: string;
  readonly contractsUrl: string;
  readonly gatewayUrl: string;
}

/** The token under which the application's own services ask for it. */
export const CONFIGURATION = Symbol('Configuration');

/** Reads environment variables. Throws one error that names every variable that cannot be used, and no value. */
export function readConfiguration(variables: NodeJS.ProcessEnv): Configuration {
  const { data, error } = environmentVariables.safeParse(variables);
  if (error !== undefined) {
    const problems = error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Error(`The environment variables of this application cannot be used:\n${problems.join('\n')}`);
  }
  return {
    port: data.PORT,
    environment: data.FLAMINGOCK_ENV,
    ordersDatabase: data.ORDERS_DB,
    auditDatabase: data.AUDIT_DB,
    schemaRegistryUrl: data.SCHEMA_REGISTRY_URL,
    contractsUrl: data.CONTRACTS_URL,
    gatewayUrl: data.GATEWAY_URL,
  };
}
