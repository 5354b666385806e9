import type { Lacks } from '../contract-case.js';
import type { FrameworkAbility } from './abilities.js';

/** How a process ended: with a code, or by a signal. */
export type Ending = NodeJS.Signals | number;

/**
 * Gives the contract applications of one framework to start. Each declares three changes, `1-create`, `2-enter` and
 * `3-ship`, every one of which leaves its id in a table of its database.
 */
export interface FrameworkHarness {
  /** What the framework cannot do, each with the reason. What is not named here must be there. */
  readonly lacks?: Lacks<FrameworkAbility>;
  /** How it ends when SIGTERM comes while it serves. Default by that signal. */
  readonly endsWith?: Ending;
  /** How it ends when SIGTERM comes in the middle of a change. Default by that signal. */
  readonly drainsWith?: Ending;
  /** How long a case waits for anything, in milliseconds. Default 30 000. */
  readonly patienceMs?: number;
  /** A new deployment for one case, with an empty database. */
  deployment(options?: DeploymentOptions): Promise<FrameworkDeployment>;
}

/** What a case asks of its deployment. */
export interface DeploymentOptions {
  /** The database is one that counts its statements. */
  readonly countsStatements?: boolean;
}

/** How one process is started. */
export interface StartOptions {
  /**
   * What the second change does. `slow`: it says `holding` to the harness, has reported the progress 1 of 2, and goes on
   * when it is let. `failing`: it throws an error whose message has the {@link FrameworkDeployment.secret} in it. Default
   * `quick`.
   */
  readonly behaviour?: 'quick' | 'slow' | 'failing';
  /** Default `apply`. */
  readonly mode?: 'apply' | 'wait' | 'validate';
  /** What a failure in the background does. Default `exit`. */
  readonly onFailure?: 'exit' | 'stay';
  /** It closes itself as soon as it listens. */
  readonly closes?: boolean;
}

/** Any number of processes of one application, on one database that can be looked at past all of them. */
export interface FrameworkDeployment {
  /** Registered with the engine, so it must appear nowhere. */
  readonly secret: string;
  /** Starts one process. */
  start(options?: StartOptions): Promise<FrameworkProcess>;
  /** Until a slow change holds. */
  untilHolding(): Promise<void>;
  /** Lets the slow change go on, in whatever process. */
  letGo(): Promise<void>;
  /** The ids that the changes have left behind, in their order, one for each time. */
  effects(): Promise<readonly string[]>;
  /** Changes and their states in the ledger, without announcements: `2-enter APPLIED`. */
  outcomes(): Promise<readonly string[]>;
  /** Whether somebody has the lock. */
  isLocked(): Promise<boolean>;
  /** Where it counts them: the statements that the database has received so far. */
  readonly statements?: () => Promise<readonly string[]>;
  /** Ends every process, and removes what it stands on. */
  close(): Promise<void>;
}

/** One process of the application. */
export interface FrameworkProcess {
  readonly processId: number;
  /** Where it listens, or will: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** What it has written to both of its streams so far. */
  readonly output: string;
  /** Resolves when it has written a line that matches; never where it does not. */
  untilWritten(pattern: RegExp): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and all of its output is here. */
  readonly ended: Promise<Ending>;
}
