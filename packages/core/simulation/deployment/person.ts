import type { Issue } from '../../src/operations.js';
import { effectRow, effectsIn, PARTS, verdictOf } from '../systems/system-client.js';
import type { SimulatedProcess } from '../world/simulated-process.js';
import { type Deployment, instanceIn } from './instance.js';
import { operator, type Role } from './release.js';
import type { ChangePlan } from './scenario.js';

/**
 * Somebody who is honest: looks at the system, tidies up what is only partly there, and resolves the first open issue as
 * what was found. Does nothing where there is no issue.
 */
export async function resolveByHand(deployment: Deployment, process: SimulatedProcess): Promise<void> {
  const { engine, judge, scenario, world } = deployment;
  const { context, parts } = instanceIn(deployment, process, operator(scenario.releases));
  const reading = await engine.readNow(context, parts.changes);
  const issue = engine.issuesOf(reading, context.targets)[0];
  const change = scenario.changes.find(({ id }) => id === issue?.changeId);
  if (issue === undefined || change === undefined) return;
  await process.sleep(world.random.pick([0, 60_000, 200_000]));
  const as = look(deployment, change, issue);
  world.note(process.name, () => `looks at ${change.system} and says ${as} of ${change.id}`);
  judge.shown(process.name, issue.sequence);
  const word = { as, actor: process.name, reason: 'looked', expected: issue.sequence };
  await engine.resolveIssue(context, parts.changes, change.id, word);
  world.note(process.name, () => `has resolved ${change.id}`);
}

/** Somebody who takes back the last change, or everything. */
export async function undoByHand(
  deployment: Deployment,
  process: SimulatedProcess,
  all: boolean,
): Promise<void> {
  const { engine, scenario, world } = deployment;
  const { context, parts } = instanceIn(deployment, process, operator(scenario.releases));
  const downTo = scenario.changes[0]?.id ?? '';
  const person = { actor: process.name, reason: 'it was wrong' };
  world.note(process.name, () => `undoes ${all ? 'everything' : 'the last change'}`);
  const { undone } = await engine.undo(
    context,
    parts,
    all ? { downTo, ...person } : { last: true, ...person },
  );
  world.note(process.name, () => `has undone ${undone.length} changes`);
}

/** Somebody says that the target system that was set back is the one to use, with the release that he has. */
export async function adoptByHand(
  deployment: Deployment,
  process: SimulatedProcess,
  role: Role,
): Promise<void> {
  const { engine, world } = deployment;
  const { context, parts } = instanceIn(deployment, process, role);
  world.note(process.name, () => 'adopts separate');
  const person = { actor: process.name, reason: 'there is no other one' };
  const { found, inDoubt } = await engine.adopt(context, parts.changes, 'separate', person);
  world.note(process.name, () => `has adopted it: ${found}, ${inDoubt.length} changes in doubt`);
}

/** Somebody who has edited a change, or thinks so. */
export async function redoByHand(
  deployment: Deployment,
  process: SimulatedProcess,
  changeId: string,
): Promise<void> {
  const { engine, scenario, world } = deployment;
  const { context, parts } = instanceIn(deployment, process, operator(scenario.releases));
  world.note(process.name, () => `redoes ${changeId}`);
  const person = { actor: process.name, reason: 'it was edited' };
  const { undone, applied } = await engine.redo(context, parts, changeId, person);
  world.count('person: redoes');
  world.note(process.name, () => `has undone ${undone.length} changes and applied ${applied.length}`);
}

/** Somebody begins anew: drops all target systems, and says so; or says so although nothing was dropped. */
export async function resetByHand(
  deployment: Deployment,
  process: SimulatedProcess,
  drops: boolean,
): Promise<void> {
  const { engine, scenario, world, judge } = deployment;
  if (drops)
    judge.drop(() => {
      makeAnew(deployment);
    });
  const seen = judge.drops;
  const { context, parts } = instanceIn(deployment, process, operator(scenario.releases));
  world.note(
    process.name,
    () => `begins a new epoch, ${drops ? 'after all was dropped' : 'and dropped nothing'}`,
  );
  const person = { actor: process.name, reason: 'begins anew' };
  const { sequence } = await engine.reset(context, parts.changes, person);
  if (sequence === undefined) judge.nothingToLeave(seen);
  world.note(process.name, () => `has begun it: entry ${sequence ?? 'none'}`);
}

/** What is beside the ledger in its database is tidied up there; the others are dropped. */
function makeAnew({ systems, scenario }: Deployment): void {
  for (const database of [systems.separate, systems.plain, systems.watched]) database.restore(new Map());
  for (const { id, system } of scenario.changes)
    if (system === 'shared') for (const part of PARTS) systems.shared.write(effectRow(id, part), 0);
}

function look(
  { systems, judge }: Deployment,
  { id, system }: ChangePlan,
  { sequence }: Issue,
): 'APPLIED' | 'ROLLED_BACK' {
  const database = systems[system];
  const verdict = verdictOf(effectsIn(database, id));
  if (verdict === 'APPLIED') return 'APPLIED';
  // What somebody else has settled meanwhile is not tidied up any more.
  if (verdict === 'UNKNOWN' && judge.ledger.latest(id)?.sequence === sequence)
    for (const part of PARTS) database.write(effectRow(id, part), 0);
  return 'ROLLED_BACK';
}
