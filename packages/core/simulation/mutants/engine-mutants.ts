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
    seed: 15,
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
    seed: 24,
  },
  {
    name: 'an interrupted change is settled without its fence',
    file: 'engine/fences.ts',
    line: "if (applied === open.sequence) return 'done';",
    instead: "if (applied === -1) return 'done';",
    seed: 650,
  },
  {
    name: 'what cannot be proven is tried again, whatever the strategy',
    file: 'engine/settle.ts',
    line: "if (action.kind === 'execution' && change.recovery === 'ALWAYS_RETRY') return 'apply-again';",
    instead: "if (action.kind === 'execution') return 'apply-again';",
    seed: 78,
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
    seed: 1199,
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
  {
    name: 'a checkpoint counts beyond an undo',
    file: 'engine/execute/attempt-checkpoint.ts',
    line: 'const counts = found.savedBy > checkpointFloor(this.#run.ledger, this.#change);',
    instead: 'const counts = found.savedBy > 0;',
    seed: 222,
  },
  {
    name: 'a checkpoint is forgotten by the next attempt',
    file: 'engine/execute/attempt-checkpoint.ts',
    line: 'const counts = found.savedBy > checkpointFloor(this.#run.ledger, this.#change);',
    instead: 'const counts = false as boolean;',
    seed: 20,
  },
  {
    name: 'an adoption goes by what was read before it had the lock',
    file: 'engine/adopt.ts',
    line: 'const reading = await readUnderLock(engine, turn, changes);',
    instead: `const { highestSequence, headHash } = (await readUnderLock(engine, turn, changes)).state;
      const reading = { ...first, state: { ...first.state, highestSequence, headHash } };`,
    seed: 64,
  },
  {
    name: 'an adoption puts in doubt only what its own release declares',
    file: 'engine/adoption-doubts.ts',
    line: 'return [...declared, ...undeclared]',
    instead: 'return [...declared, ...undeclared.slice(0, 0)]',
    seed: 27053,
  },
  {
    name: 'an adoption puts in doubt only what is open',
    file: 'engine/adoption-doubts.ts',
    line: 'return isOpen(latest) || (state.changes.get(changeId)?.effect ?? 0) > applied;',
    instead: 'return isOpen(latest);',
    seed: 30,
  },
  {
    name: 'whoever waits for others is ready after one look',
    file: 'engine/come-to-turn.ts',
    line: "while ((await watch.next()) !== 'done');",
    instead: 'await watch.next();',
    seed: 3,
  },
  {
    name: 'whoever validates is ready whatever is pending',
    file: 'engine/come-to-turn.ts',
    line: "if (parts.mode === 'validate') throw changesPending(first.plan, 'this instance only validates');",
    instead: "if (parts.mode === 'validate') return { outcome: 'up-to-date', ahead: [] };",
    seed: 4,
  },
  {
    name: 'whoever validates applies',
    file: 'engine/come-to-turn.ts',
    line: "if (parts.mode === 'validate') throw changesPending(first.plan, 'this instance only validates');",
    instead: '',
    seed: 13,
  },
  {
    name: 'a change may run below one that is applied',
    file: 'plan/plan.ts',
    line: '...(rules.outOfOrder ? [] : orderProblems(steps, state)),',
    instead: '...(rules.outOfOrder ? [] : orderProblems([], state)),',
    seed: 24,
  },
  {
    name: 'what settling has found out does not change the order',
    file: 'engine/run-pending.ts',
    line: 'const { plan: now, state } = looked ? await readAgain() : reading;',
    instead: 'const { plan: now, state } = reading;',
    seed: 4,
  },
  {
    name: 'a change that is restricted to other environments is executed',
    file: 'plan/plan.ts',
    line: "return action === 'apply' && !change.runsHere ? 'restricted' : action;",
    instead: 'return action;',
    seed: 20,
  },
  {
    name: 'each run records once more what it skips',
    file: 'engine/skip-restricted.ts',
    line: "if (action !== 'restricted' || latest?.state === 'SKIPPED' || target === undefined) continue;",
    instead: "if (action !== 'restricted' || target === undefined) continue;",
    seed: 20,
  },
  {
    name: 'the deadline of a run ends no change',
    file: 'engine/execute/change-call.ts',
    line: 'cancel.push(after(leftMs, () => runDeadline(runDeadlineMs, bound.change)));',
    instead: 'if (leftMs < 0) cancel.push(after(leftMs, () => runDeadline(runDeadlineMs, bound.change)));',
    seed: 90,
  },
  {
    name: 'a start goes on with what is reserved for the command line',
    file: 'engine/run-pending.ts',
    line: 'assertMayApply(run.by, step.change);',
    instead: '',
    seed: 7,
  },
  {
    name: 'a run tries once more than the change allows',
    file: 'engine/execute/retry.ts',
    line: 'tried >= retry.attempts',
    instead: 'tried > retry.attempts',
    seed: 96,
  },
  {
    name: 'a run tries again whatever the error is',
    file: 'engine/execute/retry.ts',
    line: "if (proof !== 'not-sent' && !causesOf(error).some(passes)) return undefined;",
    instead: '',
    seed: 10,
  },
  {
    name: 'a reset believes that every target was made anew',
    file: 'engine/reset.ts',
    line: 'if (begun > 0 || applied > 0) kept.push(name);',
    instead: 'if (begun > 0 && applied < 0) kept.push(name);',
    seed: 43,
  },
  {
    name: 'a new epoch takes nothing back',
    file: 'ledger/fold.ts',
    line: "if (entry.kind === 'epoch') folding = { ...copyOf(EMPTY_LEDGER), epoch: entry };",
    instead: "if (entry.kind === 'epoch') folding = { ...folding, epoch: entry };",
    seed: 2,
  },
  {
    name: 'a checkpoint of an earlier epoch counts',
    file: 'ledger/checkpoint-floor.ts',
    line: 'epoch?.sequence ?? 0,',
    instead: 'epoch === undefined ? 0 : 0,',
    seed: 146,
  },
  {
    name: 'a redo applies with what was known before it undid',
    file: 'engine/redo.ts',
    line: `this.run = run;
      const { executionId } = run;
      this.#engine.emit({ type: 'run-started', executionId, ...counts(reading.plan) });
      return await runPending(run, reading, read);`,
    instead: `const ledger = this.run?.ledger ?? run.ledger;
      this.run = run;
      return await runPending({ ...run, ledger }, reading, read);`,
    seed: 2930,
  },
];
