import { type FlamingockError, isFlamingockError } from '../../src/errors.js';
import { SimulatedProcess } from '../world/simulated-process.js';
import { type Deployment, instanceIn } from './instance.js';
import { adoptByHand, redoByHand, resetByHand, resolveByHand, undoByHand } from './person.js';
import { operator, type Release, type Role } from './release.js';
import type { PodPlan, Scenario } from './scenario.js';

/** After this long without an end its operator ends a process that waits for a change which never ends, in milliseconds. */
const PATIENCE_MS = 15 * 60_000;

/** Every start ends within this, in virtual milliseconds. */
const LONGEST_MS = 2 * 3_600_000;

/** What a start may end with here; anything else is a false alarm, or a defect. */
const EXPECTED = new Set([
  'FLG_CHANGE_FAILED',
  'FLG_CHANGE_HELD',
  'FLG_CLOSED',
  'FLG_ISSUE_OPEN',
  'FLG_LOCK_LOST',
  'FLG_LOCK_NOT_OBTAINED',
  'FLG_RESOLUTION_REFUSED',
  'FLG_STORE_UNREACHABLE',
  'FLG_STORE_WRITE',
  'FLG_TARGET_UNREACHABLE',
  'FLG_UNDO_FAILED',
  'FLG_UNDO_REFUSED',
]);

/** One after the other, the processes of one replica: a start that fails is repeated as often as the scenario says. */
export class Pod {
  readonly #deployment: Deployment;
  readonly #plan: PodPlan;
  #starts = 0;
  #over = false;
  ready = false;
  /** What its last start ended with. */
  code: string | undefined;

  constructor(deployment: Deployment, plan: PodPlan) {
    this.#deployment = deployment;
    this.#plan = plan;
    deployment.world.after(plan.startsAtMs, () => {
      this.#start();
    });
  }

  /** It has come up, or starts no more. */
  get over(): boolean {
    return this.#over;
  }

  #start(): void {
    const { world, judge, engine } = this.#deployment;
    const { role } = this.#plan;
    this.#starts += 1;
    const name = this.#starts === 1 ? this.#plan.name : `${this.#plan.name}.${this.#starts}`;
    const process = new SimulatedProcess(world, name, this.#plan.skewMs);
    world.note(name, () => 'starts');
    const { context, parts, close } = instanceIn(this.#deployment, process, role);
    const { closesAfterMs } = this.#plan;
    if (closesAfterMs !== undefined) {
      const shutDown = (): void => {
        world.note(name, () => 'is told to shut down');
        close();
      };
      process.time.after(closesAfterMs, shutDown);
    }
    const limits = [
      endWhereHanging(this.#deployment, process),
      world.after(
        LONGEST_MS,
        () => {
          world.violate('every run ends', `${name} has not ended after two hours`);
        },
        process,
      ),
    ];
    const cancel = (): void => {
      for (const limit of limits) limit();
    };
    process.onEnd(() => {
      cancel();
      this.#again();
    });
    engine.start(context, parts).then(
      (report) => {
        cancel();
        world.note(name, () => `ready: ${report.outcome}`);
        world.count(`start: ${report.outcome}`);
        this.ready = true;
        this.#over = true;
        judge.ready(name, role.release);
      },
      (error: unknown) => {
        cancel();
        this.#failed(process, error);
      },
    );
  }

  #failed(process: SimulatedProcess, error: unknown): void {
    const { world, scenario } = this.#deployment;
    this.code = isFlamingockError(error) ? error.code : undefined;
    world.note(process.name, () => `fails: ${this.code ?? String(error)}`);
    world.count(`start: ${this.code ?? 'fails otherwise'}`);
    if (!isFlamingockError(error) || !isExpected(error, expectedCodes(scenario, this.#plan.role)))
      world.violate('no start fails without a reason', `${process.name}: ${String(error)}`);
    if (this.code === 'FLG_ISSUE_OPEN') callPeople(this.#deployment, `of-${process.name}`, resolve);
    if (this.code === 'FLG_TARGET_BEHIND' && scenario.setBack !== undefined)
      callPeople(this.#deployment, `of-${process.name}`, (deployment, name) =>
        adopt(deployment, name, this.#plan.role.release),
      );
    // Some applications end with a failed start, others go on with whatever is still under way.
    if (world.random.chance(0.5)) process.end('exits');
    else this.#again();
  }

  #again(): void {
    const { world, scenario } = this.#deployment;
    if (this.ready || this.#over) return;
    if (this.#starts >= scenario.starts) {
      this.#over = true;
      return;
    }
    world.after(world.random.between(0, 60_000), () => {
      this.#start();
    });
  }
}

/** A process that waits for a change which never ends is ended some day; returns the way to cancel that. */
function endWhereHanging({ world, judge }: Deployment, process: SimulatedProcess): () => void {
  return world.after(PATIENCE_MS, () => {
    if (judge.isHanging(process)) process.end('is killed by its operator');
  });
}

/** One or two people hear of it, and do something about it sooner or later. */
function callPeople(
  deployment: Deployment,
  name: string,
  act: (deployment: Deployment, name: string) => Promise<void>,
): void {
  const { world } = deployment;
  for (let count = world.random.between(0, 2); count > 0; count -= 1) {
    world.after(world.random.between(0, 120_000), () => {
      void act(deployment, `person-${count}-${name}`);
    });
  }
}

/** A person resolves an issue, where there is one. */
export function resolve(deployment: Deployment, name: string): Promise<void> {
  return act(deployment, name, (process) => resolveByHand(deployment, process));
}

/** A person takes back the last change, or everything. */
export function undo(deployment: Deployment, name: string, all: boolean): Promise<void> {
  return act(deployment, name, (process) => undoByHand(deployment, process, all));
}

/** A person adopts the target system that was set back, with the newest release unless told otherwise. */
export function adopt(deployment: Deployment, name: string, release?: Release): Promise<void> {
  const newest = operator(deployment.scenario.releases);
  const role = { ...newest, release: release ?? newest.release };
  return act(deployment, name, (process) => adoptByHand(deployment, process, role), role);
}

/** A person redoes a change. */
export function redo(deployment: Deployment, name: string, changeId: string): Promise<void> {
  return act(deployment, name, (process) => redoByHand(deployment, process, changeId));
}

/** A person begins a new epoch. */
export function reset(deployment: Deployment, name: string, drops: boolean): Promise<void> {
  return act(deployment, name, (process) => resetByHand(deployment, process, drops));
}

/** A person who is refused, or whose process dies, leaves it at that. */
async function act(
  deployment: Deployment,
  name: string,
  does: (process: SimulatedProcess) => Promise<void>,
  role = operator(deployment.scenario.releases),
): Promise<void> {
  const { world } = deployment;
  const process = new SimulatedProcess(world, name, 0);
  const cancel = endWhereHanging(deployment, process);
  process.onEnd(cancel);
  try {
    await does(process);
  } catch (error) {
    world.note(name, () => `is told: ${String(error).split('\n')[0] ?? ''}`);
    const expected = expectedCodes(deployment.scenario, role);
    if (!isFlamingockError(error) || !isExpected(error, expected))
      world.violate('no command fails without a reason', `${name}: ${String(error)}`);
  }
  process.end('is done');
}

function isExpected({ code, problems }: FlamingockError, expected: ReadonlySet<string>): boolean {
  return problems.length > 0
    ? problems.every((problem) => isExpected(problem, expected))
    : expected.has(code);
}

/** What a process may end with besides, because of what its schedule has and what it is. */
function expectedCodes(scenario: Scenario, { release, mode, by, outOfOrder }: Role): ReadonlySet<string> {
  const { changes, releases, runDeadlineMs, setBack, development } = scenario;
  const { older, newest } = releases;
  const isMixed =
    older.declares.length < newest.declares.length || older.restricted.length > newest.restricted.length;
  return new Set([
    ...EXPECTED,
    ...(mode === 'apply' ? [] : ['FLG_CHANGES_PENDING']),
    ...(release.declares.length < changes.length ? ['FLG_CHANGE_UNKNOWN'] : []),
    ...(isMixed && !outOfOrder ? ['FLG_OUT_OF_ORDER'] : []),
    ...(by === 'start' && changes.some(({ runBy }) => runBy === 'cli') ? ['FLG_CHANGE_RESERVED'] : []),
    ...(runDeadlineMs === undefined ? [] : ['FLG_DEADLINE']),
    ...(setBack === undefined ? [] : ['FLG_TARGET_BEHIND', 'FLG_ADOPTION_REFUSED']),
    ...(development.resets.length === 0 ? [] : ['FLG_TARGET_BEHIND', 'FLG_RESET_REFUSED']),
  ]);
}
