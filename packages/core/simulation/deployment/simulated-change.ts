import type { Change, ChangeMethod } from '../../src/change/change.js';
import type { ChangeContext } from '../../src/change/change-context.js';
import { NotApplied } from '../../src/change/not-applied.js';
import { Transient } from '../../src/change/transient.js';
import type { Judge } from '../check/judge.js';
import { type Caller, PARTS, SystemClient } from '../systems/system-client.js';
import type { SimulatedProcess } from '../world/simulated-process.js';
import type { World } from '../world/world.js';
import type { Release } from './release.js';
import type { Behaviour, ChangePlan } from './scenario.js';

/** What changes of a process need besides their clients. */
export interface ChangeParts {
  readonly world: World;
  readonly process: SimulatedProcess;
  readonly judge: Judge;
  /** How the next invocation of a change behaves, and how its next rollback. */
  readonly script: Script;
}

/** Hands out the behaviours of a scenario, one for each invocation, whoever makes it. */
export class Script {
  readonly #behaviours: Map<string, Behaviour[]>;
  readonly #failingRollbacks: Set<string>;

  constructor(changes: readonly ChangePlan[]) {
    this.#behaviours = new Map(changes.map(({ id, behaviours }) => [id, [...behaviours]]));
    this.#failingRollbacks = new Set(
      changes.filter(({ rollback }) => rollback === 'fails once').map(({ id }) => id),
    );
  }

  next(changeId: string): Behaviour {
    return this.#behaviours.get(changeId)?.shift() ?? { kind: 'works' };
  }

  /** Whether this rollback fails. */
  rollbackFails(changeId: string): boolean {
    return this.#failingRollbacks.delete(changeId);
  }

  /** From now on every change works. */
  clear(): void {
    this.#behaviours.clear();
    this.#failingRollbacks.clear();
  }
}

/** A change as a process declares it. */
export function simulatedChange(
  plan: ChangePlan,
  index: number,
  { restricted }: Release,
  parts: ChangeParts,
): Change {
  const { id, recovery, verify, rollback, system } = plan;
  return {
    id,
    order: String(index + 1),
    name: id,
    author: undefined,
    source: `changes/_${index + 1}__${id}.js`,
    targetSystem: system,
    recovery,
    retry: plan.retry,
    transactional: plan.transactional ? undefined : false,
    resumable: plan.resumable,
    runBy: plan.runBy,
    environments: restricted.includes(id) ? ['staging'] : undefined,
    deadlineMs: plan.deadlineMs,
    lockTimeoutMs: undefined,
    statementTimeoutMs: undefined,
    revision: undefined,
    construction: { parameters: [], construct: () => undefined },
    apply: method('apply', (client, context) => apply(plan, parts, client, context)),
    rollback:
      rollback === 'none'
        ? undefined
        : method('rollback', (client, context) => rollBack(plan, parts, client, context)),
    verify: verify ? method('verify', (client) => client.inspect(id)) : undefined,
  };
}

function method(
  name: string,
  act: (client: SystemClient, context: ChangeContext) => Promise<unknown>,
): ChangeMethod {
  return {
    parameters: [{ token: SystemClient, position: `${name}() parameter 1`, outside: false, optional: false }],
    invoke: (_instance, values, context) => act(values[0] as SystemClient, context),
  };
}

async function apply(
  plan: ChangePlan,
  parts: ChangeParts,
  client: SystemClient,
  context: ChangeContext,
): Promise<void> {
  const { id } = plan;
  const { world, process, judge, script } = parts;
  const behaviour = script.next(id);
  world.note(
    process.name,
    () => `apply ${id}${behaviour.kind === 'works' ? '' : `, which ${inWords(behaviour)}`}`,
  );
  const invocation = judge.invoked(id, process, context, 'apply');
  if (behaviour.kind === 'hangs') judge.hangs(id, process);
  let transient = false;
  try {
    await perform(plan, behaviour, parts, client, context, invocation.caller);
  } catch (error) {
    transient = error instanceof Transient;
    throw error;
  } finally {
    invocation.over(transient);
  }
}

async function perform(
  { id, resumable }: ChangePlan,
  behaviour: Behaviour,
  { world, process }: ChangeParts,
  client: SystemClient,
  context: ChangeContext,
  caller: Caller,
): Promise<void> {
  if (behaviour.kind === 'declines') throw new NotApplied('not now');
  if (behaviour.kind === 'swallows') await client.fail().catch(() => undefined);
  await stumble(behaviour, 0);
  const saved = resumable ? await context.checkpoint.load<number>() : undefined;
  if (saved !== undefined) world.count('change: goes on from its checkpoint');
  for (const part of PARTS) {
    if (part <= (saved ?? 0)) continue;
    await client.put(id, part, caller);
    if (resumable) await context.checkpoint.save(part);
    if (behaviour.kind === 'commits' && behaviour.after === part) await client.commit();
    if (behaviour.kind === 'blocks' && part === 1) await process.block(behaviour.ms);
    if (behaviour.kind === 'dawdles' && part === 1) {
      await process.sleep(behaviour.ms);
      if (behaviour.honoursAbort) context.signal.throwIfAborted();
    }
    await stumble(behaviour, part);
  }
}

async function stumble(behaviour: Behaviour, at: number): Promise<void> {
  if (!('after' in behaviour) || behaviour.after !== at) return;
  if (behaviour.kind === 'throws') {
    const error = new Error(`it fails after part ${at}`);
    throw behaviour.transient ? new Transient(error) : error;
  }
  if (behaviour.kind === 'hangs') await new Promise<never>(() => undefined);
}

async function rollBack(
  { id }: ChangePlan,
  { world, process, judge, script }: ChangeParts,
  client: SystemClient,
  context: ChangeContext,
): Promise<void> {
  const fails = script.rollbackFails(id);
  world.note(process.name, () => `rollback ${id}${fails ? ', which fails' : ''}`);
  const invocation = judge.invoked(id, process, context, 'rollback');
  try {
    if (fails) throw new Error('the rollback fails');
    await client.clear(id, invocation.caller);
  } finally {
    invocation.over(false);
  }
}

function inWords({ kind, ...rest }: Behaviour): string {
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name} ${String(value)}`)].join(', ');
}
