import type { Class, Token } from './change/token.js';
import type { DefinedChange } from './change/define-change.js';
import type { Container } from './dependencies/container.js';
import type { AuditStore } from './ledger/audit-store.js';
import type { Logger } from './logger.js';
import type { Target } from './target/target.js';

/** Where the sequence is declared. */
export type ChangeSource =
  /** An absolute path or a `file:` URL; every module file below it is one change. */
  | ChangeDirectory
  /** Decorated classes and definitions, for bundled applications; and what parts of the application contribute. */
  | readonly (ChangeDeclaration | ChangeGroup)[];

/** A directory of changes. */
export interface ChangeDirectory {
  readonly directory: string | URL;
  /** Imports a module file by its absolute path, for a tool that compiles in memory. Default: Node does. */
  readonly load?: (file: string) => Promise<unknown>;
}

/** Changes that one part of an application contributes. Their orders say where they stand in the one sequence. */
export interface ChangeGroup {
  readonly changes: ChangeSource;
  /** Told to the container with everything that they ask for, so that it looks there first. */
  readonly scope?: unknown;
}

/** One entry of an explicit list. */
export type ChangeDeclaration = Class | DefinedChange;

/** A dependency that the application hands to the engine itself. */
export interface Dependency {
  readonly token: Token;
  readonly value: unknown;
}

/** How the lock is held and waited for. All times in milliseconds. */
export interface LockOptions {
  /**
   * How long a holder that says nothing keeps the lock. Default 30 000; in an environment that is disposable, where neither
   * this nor `renewMs` is set, 3000.
   */
  readonly leaseMs?: number;
  /**
   * How often the holder renews it; at most a third of the lease. Default 10 000; in an environment that is disposable,
   * where neither this nor `leaseMs` is set, 1000.
   */
  readonly renewMs?: number;
  /** How long an instance waits for another one before it gives up. Default 600 000. */
  readonly waitMs?: number;
}

/** What is known of an environment. */
export interface EnvironmentOptions {
  /**
   * Its ledger and its targets may be thrown away: `redo()` and `reset()` work there, and a lock that a killed process has
   * left is over after 3 s. Default `false`.
   */
  readonly disposable?: boolean;
}

/**
 * What a start does. `apply`: applies what is pending, or waits for the instance that does. `wait`: somebody else
 * applies, such as a job before the deployment; waits until it is done. `validate`: refuses to start when anything is
 * pending, for platforms where an instance may be frozen in the middle of a change. `off`: does nothing at all.
 */
export type StartMode = 'apply' | 'wait' | 'validate' | 'off';

/** Everything that {@link createFlamingock} takes. Validated once; unknown keys are refused. */
export interface FlamingockOptions {
  /** Whose sequence it is. Required. */
  readonly service: string;
  /** Where it runs. Required, without a default: blue and green production are two environments. */
  readonly environment: string | undefined;
  /** Only for an application that runs its sequence once for each of its tenants. Default empty. */
  readonly tenant?: string;
  /** The environments that may begin a ledger in this store although the service has one under another name. */
  readonly environments?: Readonly<Record<string, EnvironmentOptions>>;
  readonly auditStore: AuditStore;
  /** The target systems by the names that changes use. */
  readonly targets: Readonly<Record<string, Target>>;
  readonly changes: ChangeSource;
  /** What a start does. Default `apply`. */
  readonly mode?: StartMode;
  /**
   * `allow`: a pending change may stand below one that is applied, and is applied all the same. Default `refuse`: it
   * would not be the sequence that other environments have seen.
   */
  readonly outOfOrder?: 'refuse' | 'allow';
  /** Asked after the target system and before the container. */
  readonly dependencies?: readonly Dependency[];
  /** Classes and tokens without effects on any system: a transactional change may ask for them. */
  readonly effectFree?: readonly Token[];
  /** A framework's dependency injection; the framework packages set it. */
  readonly container?: Container;
  /** Default: lines on standard error. `false` is silent. */
  readonly logger?: Logger | false;
  /** Recorded in the ledger. */
  readonly applicationVersion?: string;
  /** Values that must never appear in the ledger, a log or a message. */
  readonly secrets?: readonly string[];
  readonly lock?: LockOptions;
  /** How long the audit store may take to answer, in milliseconds. Default 10 000. */
  readonly storeTimeoutMs?: number;
  /**
   * How long a run may take once it has the lock, in milliseconds; then its change is told to stop, and no other one
   * begins. Default: no limit.
   */
  readonly runDeadlineMs?: number;
  /**
   * How long a change that was told to stop (by a deadline, or a shutdown) is waited for before it is given up, in
   * milliseconds. Default 5000.
   */
  readonly abortGraceMs?: number;
  /** How long `close()` lets the current change go on before it is told to stop, in milliseconds. Default 10 000. */
  readonly shutdownGraceMs?: number;
}
