import { verifyChain } from '../src/ledger/chain.js';
import { Judge } from './check/judge.js';
import { type EngineCode, realEngine } from './deployment/engine-code.js';
import type { Deployment, Systems } from './deployment/instance.js';
import { adopt, Pod, redo, reset, resolve, undo } from './deployment/pod.js';
import { operator } from './deployment/release.js';
import { drawScenario, type Scenario, type SetBack } from './deployment/scenario.js';
import { Script } from './deployment/simulated-change.js';
import { Database } from './systems/database.js';
import type { Defect } from './systems/defects.js';
import type { Wire } from './world/connection.js';
import { type Fault, Faults } from './world/faults.js';
import { Random } from './world/random.js';
import { type Violation, World } from './world/world.js';

/** How one schedule is simulated. */
export interface SimulationOptions {
  /** Default: the real engine. */
  readonly engine?: EngineCode;
  /** What the systems do wrongly. Default: nothing. */
  readonly defects?: readonly Defect[];
  /** Instead of those that the seed draws. */
  readonly faults?: readonly Fault[];
  /** Where each step is written down, in words. */
  readonly trace?: string[];
}

/** What came of a schedule. */
export interface ScheduleResult {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violation: Violation | undefined;
  readonly steps: number;
  /** In virtual milliseconds. */
  readonly virtualMs: number;
  /** How often each thing happened. */
  readonly tally: Readonly<Record<string, number>>;
}

/** Starts of the last pod, which nothing disturbs any more. */
const LAST_STARTS = 12;

/**
 * Plays one schedule. The seed decides everything: the changes and what they do, the faults, and the order of all steps.
 * When all pods have ended, nothing more goes wrong, and one last pod has to complete the sequence, with the help of a
 * person.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<ScheduleResult> {
  const random = new Random(seed);
  const drawn = drawScenario(random.fork('scenario'));
  const scenario = { ...drawn, faults: options.faults ?? drawn.faults };
  const world = new World(random.fork('steps'), options.trace);
  const deployment = deploy(world, scenario, options);
  for (const [index, { atMs, all }] of scenario.undos.entries())
    world.after(atMs, () => void undo(deployment, `person-${index + 1}`, all));
  develop(deployment);
  if (scenario.setBack !== undefined) setBack(deployment, scenario.setBack);
  const pods = scenario.pods.map((plan) => new Pod(deployment, plan));
  await world.run(() => pods.every(({ over }) => over));
  await world.run(() => false);
  await complete(deployment);
  const { judge } = deployment;
  const chain = verifyChain(judge.ledger.entries);
  if (!chain.intact) world.violate('the chain is intact', chain.reason);
  return {
    seed,
    scenario,
    violation: world.violation,
    steps: world.steps,
    virtualMs: world.now,
    tally: { ...world.tally },
  };
}

function deploy(world: World, scenario: Scenario, options: SimulationOptions): Deployment {
  const database = (name: string, oneWriter = false): Database =>
    new Database(world, name, oneWriter, (transaction) => {
      judge.committed(systems[name === 'store' ? 'shared' : (name as 'plain')], transaction);
    });
  const systems: Systems = {
    shared: database('store', scenario.storeHasOneWriter),
    separate: database('separate', scenario.targetHasOneWriter),
    plain: database('plain'),
    watched: database('watched'),
  };
  const judge = new Judge({
    world,
    changes: scenario.changes,
    leaseMs: scenario.leaseMs,
    runDeadlineMs: scenario.runDeadlineMs,
    databaseOf: ({ system }) => systems[system],
  });
  const wire: Wire = {
    world,
    faults: new Faults(scenario.faults),
    latency: () => latency(world.random, scenario.slowness),
  };
  return {
    world,
    scenario,
    engine: options.engine ?? realEngine,
    wire,
    systems,
    judge,
    script: new Script(scenario.changes),
    defects: new Set(options.defects),
  };
}

/** What a person does in an environment that may be thrown away. */
function develop(deployment: Deployment): void {
  const { world, scenario } = deployment;
  const { redos, resets } = scenario.development;
  for (const [index, { atMs, changeId }] of redos.entries())
    world.after(atMs, () => void redo(deployment, `editor-${index + 1}`, changeId));
  for (const [index, { atMs, drops }] of resets.entries())
    world.after(atMs, () => void reset(deployment, `developer-${index + 1}`, drops));
}

/** A target system is restored from a backup, without the ledger. */
function setBack(deployment: Deployment, { toMs, atMs, adoptedAfterMs }: SetBack): void {
  const { world, judge, systems, scenario } = deployment;
  let backup: ReadonlyMap<string, unknown> = new Map();
  world.after(toMs, () => {
    backup = systems.separate.backup();
  });
  world.after(atMs, () => {
    judge.setBack(systems.separate, () => {
      systems.separate.restore(backup);
    });
  });
  for (const [index, ms] of adoptedAfterMs.entries()) {
    const release = scenario.pods[index]?.role.release;
    world.after(atMs + ms, () => void adopt(deployment, `adopter-${index + 1}`, release));
  }
}

/** Most messages take no time, so that their order is anybody's; some take longer than others. */
function latency(random: Random, slowness: number): number {
  const chance = random.next();
  if (slowness === 0 || chance < 0.7) return 0;
  if (chance < 0.95) return random.between(1, 20 * slowness);
  return random.between(20, 1000 * slowness);
}

/** The dust has settled: one last pod, which nothing disturbs, must bring the sequence to its end. */
async function complete(deployment: Deployment): Promise<void> {
  const { world, wire, script, scenario, systems, judge } = deployment;
  wire.faults.clear();
  script.clear();
  for (const system of Object.values(systems)) system.outage = { until: 0, silent: false };
  if (judge.dropped) await Promise.all([reset(deployment, 'last-developer', true), world.run(() => false)]);
  if (judge.dropped) world.violate('a new epoch can always be begun', 'the systems were made anew');
  let code: string | undefined;
  for (let round = 1; round <= LAST_STARTS && world.violation === undefined; round += 1) {
    const plan = {
      name: `last-${round}`,
      startsAtMs: 0,
      skewMs: 0,
      closesAfterMs: undefined,
      role: operator(scenario.releases),
    };
    const undisturbed = { ...scenario, starts: 1, runDeadlineMs: undefined };
    const pod = new Pod({ ...deployment, scenario: undisturbed }, plan);
    await world.run(() => pod.over);
    await world.run(() => false);
    if (pod.ready) return;
    code = pod.code;
    if (code === 'FLG_ISSUE_OPEN')
      await Promise.all([resolve(deployment, `person-${round}`), world.run(() => false)]);
    if (code === 'FLG_TARGET_BEHIND')
      await Promise.all([adopt(deployment, `adopter-of-${round}`), world.run(() => false)]);
  }
  world.violate('a sequence can always be completed', `the last start ended with ${code ?? 'nothing'}`);
}
