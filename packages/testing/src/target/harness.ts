import type { BoundClients, FenceKey, Target, Token } from '@flamingock/core/spi';
import type { Lacks } from '../contract-case.js';

/**
 * - `statements`: a change sends statements, which may fail one by one and may end the transaction.
 * - `idleTimeout`: the server ends the transaction of a process that is stopped.
 * - `endsHolders`: a claim ends, by force, a transaction of an older run that has kept it waiting for long enough.
 */
export type TargetAbility = 'statements' | 'idleTimeout' | 'endsHolders';

/** Gives the contract databases to try a kind of transactional target on. */
export interface TargetHarness {
  readonly lacks?: Lacks<TargetAbility>;
  /** A new database without fences and values, for one case. */
  database(): Promise<TargetDatabase>;
}

/** The fence as it stands in the database. */
export interface RawFence {
  readonly environment: string;
  readonly claimed: number;
  readonly applied: number;
}

/** One database, with a way around the target, and the statements that changes send. */
export interface TargetDatabase {
  /** A target on a connection or pool of its own, as another process would have one. */
  target(): Promise<Target>;
  /** The client that changes of the contract are given. */
  readonly client: Token;
  /** Writes a value through a bound client. */
  write(clients: BoundClients, value: string): Promise<void>;
  /** Absent where the harness lacks `statements`. */
  readonly statements?: TargetStatements;
  rawFence(key: FenceKey): Promise<RawFence | undefined>;
  /** All values that are committed, in ascending order. */
  rawValues(): Promise<readonly string[]>;
  /** Closes everything that was opened here. */
  close(): Promise<void>;
}

/** What changes do that they should not. */
export interface TargetStatements {
  /** Sends a statement that the database refuses, and rejects with its error. */
  fail(clients: BoundClients): Promise<void>;
  /** Runs some work under a savepoint of the change, and goes back to it instead of rejecting. */
  recover(clients: BoundClients, work: () => Promise<void>): Promise<void>;
  /** Ends the transaction by a statement of the change. */
  end(clients: BoundClients, how: 'COMMIT' | 'ROLLBACK'): Promise<void>;
}
