import { type FlamingockError, isFlamingockError } from '../../src/errors.js';
import { SimulatedProcess } from '../world/simulated-process.js';
import { type Deployment, instanceIn } from './instance.js';
import { resolveByHand, undoByHand } from './person.js';
import type { PodPlan } from './scenario.js';

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
    this.#starts += 1;
    const name = this.#starts === 1 ? this.#plan.name : `${this.#plan.name}.${this.#starts}`;
    const process = new SimulatedProcess(world, name, this.#plan.skewMs);
    world.note(name, () => 'starts');
    const { context, parts, close } = instanceIn(
      this.#deployment,
      process,
      this.#plan.declares,
      this.#plan.by,
    );
    const { closesAfterMs } = this.#plan;
    if (closesAfterMs !== undefined) {
      const shutDown = (): void => {
        world.note(name, () => 'is told to shut down');
        close();
      };
      process.time.after(closesAfterMs, shutDown);
    }
    const limits = [
      world.after(PATIENCE_MS, () => {
        if (judge.hangs(process)) process.end('is killed by its operator');
      }),
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
        judge.ready(name, this.#plan.declares);
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
    const older = this.#plan.declares < scenario.changes.length && this.code === 'FLG_CHANGE_UNKNOWN';
    if (!older && !(isFlamingockError(error) && isExpected(error)))
      world.violate('no start fails without a reason', `${process.name}: ${String(error)}`);
    if (this.code === 'FLG_ISSUE_OPEN') callPeople(this.#deployment, `of-${process.name}`);
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

/** One or two people hear of an issue, and do something about it sooner or later. */
function callPeople(deployment: Deployment, name: string): void {
  const { world } = deployment;
  for (let count = world.random.between(0, 2); count > 0; count -= 1) {
    world.after(world.random.between(0, 120_000), () => {
      void resolve(deployment, `person-${count}-${name}`);
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

/** A person who is refused, or whose process dies, leaves it at that. */
async function act(
  deployment: Deployment,
  name: string,
  does: (process: SimulatedProcess) => Promise<void>,
): Promise<void> {
  const { world } = deployment;
  const process = new SimulatedProcess(world, name, 0);
  try {
    await does(process);
  } catch (error) {
    world.note(name, () => `is told: ${String(error).split('\n')[0] ?? ''}`);
    if (!isFlamingockError(error) || !isExpected(error))
      world.violate('no command fails without a reason', `${name}: ${String(error)}`);
  }
  process.end('is done');
}

function isExpected({ code, problems }: FlamingockError): boolean {
  return problems.length > 0 ? problems.every(isExpected) : EXPECTED.has(code);
}
