import type {
  AuditStore,
  ChangeSource,
  Dependency,
  EnvironmentOptions,
  FlamingockOptions,
  Target,
} from '@flamingock/core';

/** What the parts of a configuration are made with. */
export interface ConfigContext {
  readonly environment: string;
  /**
   * The value of an environment variable: of the one that `secrets` of the environment names for it, or else of the one
   * that is called like this. It appears in no message. Throws `FLG_SECRET_MISSING`.
   */
  readonly secret: (name: string) => string;
  /**
   * Makes a client at the first call, and returns the same one for the same name afterwards, so that audit store and
   * target systems can share it. It is closed when the command ends, the last one first.
   *
   * @example
   * open('orders', () => new Pool({ connectionString: secret('ORDERS_URL') }), (pool) => pool.end())
   */
  readonly open: <T>(name: string, make: () => T, close?: (client: Awaited<T>) => unknown) => T;
}

/** One environment that the configuration knows. */
export interface EnvironmentConfig extends EnvironmentOptions {
  /** Names of secrets, and the environment variables that hold them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** In place of that of the configuration: for an environment of reviews, where branches come in any order. */
  readonly outOfOrder?: FlamingockOptions['outOfOrder'];
}

/** Everything that `flamingock.config.ts` says. Unknown keys are refused. */
export interface CommandLineConfig extends Pick<
  FlamingockOptions,
  | 'tenant'
  | 'outOfOrder'
  | 'effectFree'
  | 'lock'
  | 'storeTimeoutMs'
  | 'runDeadlineMs'
  | 'abortGraceMs'
  | 'shutdownGraceMs'
  | 'applicationVersion'
> {
  readonly service: string;
  /** By name; a command for another one is refused. */
  readonly environments: Readonly<Record<string, EnvironmentConfig>>;
  /** The only part that `status`, `audit`, `issue` and `lock` make. */
  readonly auditStore: (context: ConfigContext) => AuditStore | Promise<AuditStore>;
  readonly targets?: (context: ConfigContext) => Targets | Promise<Targets>;
  readonly dependencies?: (context: ConfigContext) => Dependencies | Promise<Dependencies>;
  /** A directory is meant from where the configuration stands. Its files may be TypeScript. */
  readonly changes?: ChangeSource;
  /** The committed file with a line for each change, from where the configuration stands. Default `changes.lock`. */
  readonly changesLock?: string;
  /**
   * The application's own module, from where the configuration stands; in place of `targets`, `dependencies` and
   * `changes`. Only the commands that need more than the audit store build it.
   */
  readonly application?: string;
}

type Targets = Readonly<Record<string, Target>>;
type Dependencies = readonly Dependency[];

/** Gives a configuration its types. Checked when a command reads it. */
export function defineConfig(config: CommandLineConfig): CommandLineConfig {
  return config;
}
