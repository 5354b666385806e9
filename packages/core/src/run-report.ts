import type { Proof } from './ledger/entry.js';

/** One change that a run has applied. */
export interface AppliedChange {
  readonly id: string;
  readonly displayName: string;
  readonly targetSystem: string;
  readonly proof: Proof;
  readonly durationMs: number;
}

/** What a run that succeeded did. */
export interface RunReport {
  /**
   * `up-to-date`: nothing was pending. `applied`: this instance applied it. `waited`: another instance did. `off`: nothing
   * was looked at.
   */
  readonly outcome: 'up-to-date' | 'applied' | 'waited' | 'off';
  readonly executionId: string | undefined;
  /** What this instance applied, in order. */
  readonly applied: readonly AppliedChange[];
  /** Ids of interrupted changes that this instance found to be applied, without executing them again. */
  readonly settled: readonly string[];
  /** How many declared changes are applied, by whomever. */
  readonly total: number;
  /** How many declared changes come after the one that the run was to end at (`until`). Absent: none. */
  readonly remaining?: number;
  /** Ids of applied changes that this release does not know: it is older than the ledger. */
  readonly ahead: readonly string[];
  readonly durationMs: number;
}
