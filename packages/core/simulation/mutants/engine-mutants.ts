/** One line of the engine, replaced by a wrong one. */
export interface EngineMutant {
  /** What is wrong then. */
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly line: string;
  readonly instead: string;
  /** A schedule that has shown it; others are tried after it. */
  readonly seed: number;
}

export const ENGINE_MUTANTS: readonly EngineMutant[] = [
  {
    name: 'nothing is written ahead',
    file: 'engine/execute/execute-plain.ts',
    line: "const started = await run.tail.append(attemptEntry(attempt, { state: 'STARTED', proof: 'none' }));",
    instead: 'const started = { sequence: 0 };',
    seed: 1,
  },
  {
    name: 'the ledger is not read again under the lock',
    file: 'engine/start.ts',
    line: 'const reading = await read();',
    instead: `const fresh = await read();
      const { readingOf } = await import('./sequence.js');
      const old = readingOf(engine, parts.changes, { ...fresh, state: turn.known }, parts.by);
      const reading = { ...fresh, plan: old.plan };`,
    seed: 9,
  },
  {
    name: 'the lock is released while a change is unsettled',
    file: 'engine/begin-run.ts',
    line: 'if (tail?.unsettled === true) turn.lease.abandon();',
    instead: 'if (turn.lease.signal.aborted) turn.lease.abandon();',
    seed: 429,
  },
  {
    name: 'after a lost reply the fence is not asked again, but remembered',
    file: 'engine/execute/execute-separate.ts',
    line: 'const fence = await claimFence(attempt.run, attempt.bound.change.targetSystem, transactions);',
    instead: 'const fence = { applied: 0, begun: 0 };',
    seed: 89,
  },
  {
    name: 'an interrupted change is settled without its fence',
    file: 'engine/settle.ts',
    line: 'const committed = fence.applied === latest.sequence;',
    instead: 'const committed = false as boolean;',
    seed: 650,
  },
  {
    name: 'what cannot be proven is tried again, whatever the strategy',
    file: 'engine/settle.ts',
    line: "if (action.kind === 'execution' && change.recovery === 'ALWAYS_RETRY') return 'apply-again';",
    instead: "if (action.kind === 'execution') return 'apply-again';",
    seed: 15,
  },
  {
    name: 'a broken connection proves that nothing happened',
    file: 'engine/execute/execute-plain.ts',
    line: "if (!canGoBack || !settled) return failed(attempt, 'none', error);",
    instead: "if (!canGoBack || !settled) return failed(attempt, 'not-sent', error);",
    seed: 23,
  },
  {
    name: 'a change that was started counts as applied',
    file: 'plan/plan.ts',
    line: "case 'STARTED':\n",
    instead: "case 'STARTED':\n      return 'skip';\n",
    seed: 4,
  },
  {
    name: 'a word on an issue is not compared with what its person was shown',
    file: 'engine/resolve.ts',
    line: 'if (expected !== undefined && expected !== latest.sequence)',
    instead: 'if (expected !== undefined && expected < 0)',
    seed: 66,
  },
  {
    name: 'a lease that was given back is watched on',
    file: 'lock/lease.ts',
    line: 'if (!this.#suspended && !this.#released) this.#watch();',
    instead: 'if (!this.#suspended) this.#watch();',
    seed: 36,
  },
  {
    name: 'a change is called although the lock is lost',
    file: 'engine/execute/change-call.ts',
    line: 'run.lease.assertHeld();',
    instead: '',
    seed: 1395,
  },
];
