import type { BoundClients, FenceKey, Target, Token } from '@flamingock/core/spi';
import type { Lacks } from '../contract-case.js';
import type { TargetAbility } from './abilities.js';

/** Gives the contract databases to try a kind of transactional target on. */
export interface TargetHarness {
  /** What the system cannot do, each with the reason. What is not named here must be there. */
  readonly lacks?: Lacks<TargetAbility>;
  /** A new database without fences and values, for one case. */
  database(): Promise<TargetDatabase>;
}

/** The fence as it stands in the database. */
export interface RawFence {
  readonly environment: string;
  readonly claimed: number;
  readonly begun: number;
  readonly applied: number;
}

/** A target whose connections a case can break. */
export interface UnreliableTarget {
  readonly target: Target;
  /**
   * From now on requests still arrive at the server and are executed; the first byte of an answer ends the
   * connection instead. Holds for open connections and for new ones.
   */
  readonly loseReplies: () => Promise<void>;
}

/**
 * One database, with a way around the target, and the statements that changes send. What only exists with an
 * ability is absent where the harness lacks it.
 */
export interface TargetDatabase {
  /** A target on a connection or pool of its own, as another process would have one. */
  target(): Promise<Target>;
  /** The client that changes of the contract are given. */
  readonly client: Token;
  /** Writes a value through a bound client; a value that is there already is refused. */
  write(clients: BoundClients, value: string): Promise<void>;
  /** `undefined` where the service and tenant never claimed the target, also where there is no table yet. */
  rawFence(key: FenceKey): Promise<RawFence | undefined>;
  /** Makes an existing fence what it was in a backup; `undefined` takes the row away, as in a database made anew. */
  restoreFence(key: FenceKey, fence: RawFence | undefined): Promise<void>;
  /** All values that are committed, in ascending order. */
  rawValues(): Promise<readonly string[]>;
  /** Closes everything that was opened here, also what a case has broken. */
  close(): Promise<void>;

  /** With `statements`. */
  readonly statements?: TargetStatements;
  /** With `plainClients`: what the target supplies outside of transactions only. */
  readonly plainClient?: Token;
  /** With `lostReplies`: a target on a connection or pool of its own that can be broken. The others go on. */
  readonly unreliable?: () => Promise<UnreliableTarget>;
  /**
   * With `permissions`: a target on a connection of its own, whose user may do what changes do, and has no right on
   * the table of the fence. Asked for after the first claim.
   */
  readonly restricted?: () => Promise<Target>;
}

/** What changes do that they should not. */
export interface TargetStatements {
  /** Sends a statement that the database refuses, and rejects with its error. */
  fail(clients: BoundClients): Promise<void>;
  /** With `savepoints`: runs some work under a savepoint of the change, and goes back to it instead of rejecting. */
  recover?(clients: BoundClients, work: () => Promise<void>): Promise<void>;
  /** Ends the transaction by a statement of the change. */
  end(clients: BoundClients, how: 'COMMIT' | 'ROLLBACK'): Promise<void>;
}
