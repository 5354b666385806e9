import type { SimulatedProcess } from '../world/simulated-process.js';

/** Whose transaction it is, for those who check. */
export interface TransactionFacts {
  readonly process: SimulatedProcess;
  readonly strategy: 'TX_SHARED' | 'TX_SEPARATE' | 'NON_TX';
  /** The run that a shared transaction belongs to. */
  readonly token?: number | undefined;
  readonly fence?: { readonly claimed: number; readonly sequence: number } | undefined;
}

/** A transaction at a server. */
export class Transaction {
  readonly writes = new Map<string, unknown>();
  readonly about: TransactionFacts | undefined;
  readonly idleTimeoutMs: number | undefined;
  state: 'open' | 'aborted' | 'ended' = 'open';
  committed = false;
  /** A statement of it waits for a lock. */
  waiting = false;
  clientGone = false;
  cancelTimeout = (): void => undefined;

  constructor(about?: TransactionFacts, idleTimeoutMs?: number) {
    this.about = about;
    this.idleTimeoutMs = idleTimeoutMs;
  }
}
