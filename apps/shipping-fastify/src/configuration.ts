/** What the application has to be told. */
export interface Configuration {
  /** 0 picks a free one. Default 3000. */
  readonly port: number;
  /** Whose ledger it is: `production`, `staging`, `local`. */
  readonly environment: string;
  readonly databaseUrl: string;
  /** How long an instance that was killed keeps the others waiting, in milliseconds. Default 30 000. */
  readonly leaseMs: number;
}

/** Reads environment variables. Throws one error that names every variable that cannot be used, and no value. */
export function readConfiguration(variables: NodeJS.ProcessEnv): Configuration {
  const {
    PORT = '3000',
    LEASE_MS = '30000',
    FLAMINGOCK_ENV: environment = '',
    DATABASE_URL: databaseUrl = '',
  } = variables;
  const rules: readonly (readonly [boolean, string])[] = [
    [/^\d{1,5}$/.test(PORT) && Number(PORT) <= 65_535, 'PORT is no port number'],
    [/^\d{3,7}$/.test(LEASE_MS) && Number(LEASE_MS) > 0, 'LEASE_MS is no number of milliseconds from 100 on'],
    [environment.trim() !== '', 'FLAMINGOCK_ENV is missing'],
    [isPostgresAddress(databaseUrl), 'DATABASE_URL is no postgres:// address'],
  ];
  const problems = rules.filter(([holds]) => !holds).map(([, problem]) => `  ${problem}`);
  if (problems.length > 0)
    throw new Error(`The environment variables of this application cannot be used:\n${problems.join('\n')}`);
  return { port: Number(PORT), leaseMs: Number(LEASE_MS), environment, databaseUrl };
}

function isPostgresAddress(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
}
