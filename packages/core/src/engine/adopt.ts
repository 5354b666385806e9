import { FlamingockError } from '../errors.js';
import { isObject } from '../is-object.js';
import type { AdoptionFinding } from '../ledger/entry.js';
import { expectedFence, type LedgerState, rewritesFence } from '../ledger/fold.js';
import { strangeFence } from '../ledger/strange-fence.js';
import type { AdoptionOptions, AdoptionReport, Person } from '../operations.js';
import type { FenceAnswer } from '../target/target.js';
import { changesInDoubt, doubtEntry } from './adoption-doubts.js';
import { beginRun, endTurn } from './begin-run.js';
import type { EngineContext } from './context.js';
import { askFence, claimAnswer, usesFence } from './fences.js';
import type { AdoptionEntryParts } from './ledger-tail.js';
import { assertPerson, recordedPerson, takePersonsTurn } from './person.js';
import type { RunContext } from './run-context.js';
import { readUnderLock } from './read-under-lock.js';
import { type Reading, readNow } from './sequence.js';
import { assertEnvironment } from './come-to-turn.js';
import type { StartParts } from './start-parts.js';

/** What the fence of a target system showed, and what that means. */
interface Finding {
  readonly found: AdoptionFinding;
  readonly shown: FenceAnswer | undefined;
}

/**
 * Records a person's word that a target system is the one to use from now on, although it is behind its ledger, ahead of
 * it, another's, or another one. Changes of which nobody knows any more whether the system holds them become issues.
 *
 * What is in doubt is recorded first, then the adoption, and the fence is rewritten last: where the process dies in
 * between, the target is refused as before, and adopting it again completes what is missing.
 *
 * Throws `FLG_OPTION_INVALID`, `FLG_ADOPTION_REFUSED` where there is nothing to adopt or somebody else uses the target
 * right now, `FLG_TARGET_UNREACHABLE`, and what taking the lock throws.
 */
export async function adopt(
  engine: EngineContext,
  changes: StartParts['changes'],
  targetSystem: string,
  options: AdoptionOptions,
): Promise<AdoptionReport> {
  assertAdoption(engine, targetSystem, options);
  const first = await readNow(engine, changes);
  await assertEnvironment(engine, first);
  if (!first.initialised) await engine.access.initialise();
  const turn = await takePersonsTurn(engine, first);
  let run: RunContext | undefined;
  const mayEnd = engine.time.keepAlive();
  try {
    for (;;) {
      const reading = await readUnderLock(engine, turn, changes);
      run = await beginRun(engine, turn, reading, new Map(), 'cli');
      if (run !== undefined) return await adoptAll(run, reading, targetSystem, options);
    }
  } finally {
    mayEnd();
    await endTurn(engine, turn, run?.tail);
  }
}

async function adoptAll(
  run: RunContext,
  reading: Reading,
  targetSystem: string,
  options: AdoptionOptions,
): Promise<AdoptionReport> {
  const { engine, tail } = run;
  const { targets } = engine;
  const person = recordedPerson(engine, options);
  const targetSystems = onSameDriver(engine, targetSystem);
  const finding = await lookAtFences(run, reading, targetSystems);
  const moves = targetSystems.some((name) => reading.state.identities.get(name) !== targets[name]?.identity);
  if (finding.found === 'moved' && !moves) throw nothingToAdopt(targetSystem);
  const rewrites = rewritesFence(finding);
  if (rewrites && targets[targetSystem]?.transactions?.adopt === undefined) throw cannotAdopt(targetSystem);

  const doubts = targetSystems.flatMap((name) => changesInDoubt(reading, name, finding));
  for (const doubt of doubts) {
    const entry = doubtEntry(engine, doubt, finding.found, { ...options, ...person });
    if (entry !== undefined) await tail.append(entry);
  }
  let sequence = 0;
  for (const name of targetSystems) {
    const inDoubt = doubts.filter((doubt) => doubt.targetSystem === name).map(({ changeId }) => changeId);
    ({ sequence } = await tail.append(adoptionEntry(engine, name, finding, inDoubt, person)));
    engine.emit({ type: 'target-adopted', targetSystem: name, found: finding.found, inDoubt });
  }
  if (rewrites) await rewriteFence(run, targetSystem, finding.shown, sequence);
  return { targetSystems, found: finding.found, inDoubt: doubts.map(({ changeId }) => changeId) };
}

/** The named target system first; those that are built on the very same driver object share its fence row. */
function onSameDriver({ targets }: EngineContext, targetSystem: string): readonly string[] {
  const driver = targets[targetSystem]?.transactions?.driver;
  const others = Object.entries(targets)
    .filter(
      ([name, target]) =>
        name !== targetSystem && driver !== undefined && target.transactions?.driver === driver,
    )
    .map(([name]) => name);
  return [targetSystem, ...others];
}

/** Target systems on one row: the worst of what it means for any of them holds for all. */
async function lookAtFences(
  run: RunContext,
  reading: Reading,
  targetSystems: readonly string[],
): Promise<Finding> {
  let worst: Finding = { found: 'unknown', shown: undefined };
  for (const name of targetSystems) {
    const transactions = run.engine.targets[name]?.transactions;
    if (transactions === undefined || !usesFence(run.engine, reading, name)) continue;
    const shown = await claimAnswer(run, name, transactions);
    if (shown.status === 'behind') throw new TypeError('Nothing was expected of this fence');
    const found = meaningOf(shown, reading.state, name);
    if (GRAVITY.indexOf(found) >= GRAVITY.indexOf(worst.found)) worst = { found, shown };
  }
  return worst;
}

const GRAVITY: readonly AdoptionFinding[] = ['unknown', 'moved', 'behind', 'ahead', 'past', 'foreign'];

function meaningOf(shown: FenceAnswer, state: LedgerState, name: string): AdoptionFinding {
  if (shown.status === 'foreign') return 'foreign';
  if (shown.status === 'superseded') return 'ahead';
  const strange = strangeFence(state, shown);
  if (strange !== undefined) return strange.found;
  const expected = expectedFence(state, name);
  if (shown.applied < expected) return 'behind';
  return shown.applied === 0 ? 'unknown' : 'moved';
}

function adoptionEntry(
  { targets, key }: EngineContext,
  targetSystem: string,
  { found, shown }: Finding,
  inDoubt: readonly string[],
  { actor, reason }: Person,
): AdoptionEntryParts {
  const targetIdentity = targets[targetSystem]?.identity;
  const { status: _status, ...fence } = shown ?? { status: undefined };
  return {
    kind: 'adoption',
    targetSystem,
    ...(targetIdentity === undefined ? {} : { targetIdentity }),
    found,
    fence: shown === undefined ? {} : { environment: key.environment, ...fence },
    inDoubt,
    actor,
    reason,
  };
}

async function rewriteFence(
  run: RunContext,
  targetSystem: string,
  shown: FenceAnswer | undefined,
  sequence: number,
): Promise<void> {
  const { engine, lease, token } = run;
  // A process that was stopped since must not rewrite what a later run relies on.
  await lease.confirm();
  const adopted = await askFence(
    run,
    targetSystem,
    async () =>
      shown !== undefined &&
      (await engine.targets[targetSystem]?.transactions?.adopt?.(
        engine.key,
        { claimed: token, sequence },
        shown,
      )),
  );
  if (adopted !== true) throw inUse(targetSystem);
}

function assertAdoption({ targets }: EngineContext, targetSystem: string, options: AdoptionOptions): void {
  const { inDoubt } = isObject(options) ? options : {};
  assertPerson(
    'adopt()',
    options,
    ['inDoubt'],
    [
      ...(Object.hasOwn(targets, targetSystem)
        ? []
        : [`there is no target system '${targetSystem}', but ${Object.keys(targets).join(', ')}`]),
      ...(['APPLIED', 'ROLLED_BACK', undefined].includes(inDoubt)
        ? []
        : ["inDoubt must be 'APPLIED' or 'ROLLED_BACK'"]),
    ],
  );
}

function nothingToAdopt(targetSystem: string): FlamingockError {
  return refused(
    `The target system '${targetSystem}' is the recorded one, and its fence shows all that the ledger has committed there`,
    'There is nothing to adopt. A change that somebody took back there is found by verify().',
  );
}

function cannotAdopt(targetSystem: string): FlamingockError {
  return refused(
    `The package of the target system '${targetSystem}' cannot rewrite its fence`,
    'Bring back the system, or the ledger, that belongs to the other.',
  );
}

function inUse(targetSystem: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_ADOPTION_REFUSED',
    message: `Somebody else has claimed the target system '${targetSystem}' just now; what is in doubt is recorded, and its fence is as it was.`,
    hint: 'Find out who uses it, stop that, and adopt it again.',
  });
}

function refused(why: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_ADOPTION_REFUSED', message: `${why}; nothing was adopted.`, hint });
}
