import type { RecoveryStrategy, RetryPolicy } from '../../src/change/change.js';
import { drawCheckpointFaults, drawFaults, type Fault } from '../world/faults.js';
import type { Random } from '../world/random.js';
import { drawReleases, drawRole, type Releases, type Role } from './release.js';

/** The systems that changes act on, by what they can promise. */
export type SystemName = 'shared' | 'separate' | 'plain' | 'watched';

/** What one invocation of a change does. */
export type Behaviour =
  | { readonly kind: 'works' }
  | { readonly kind: 'throws'; readonly after: 0 | 1 | 2; readonly transient: boolean }
  /** Says that it had no effect. */
  | { readonly kind: 'declines' }
  | { readonly kind: 'dawdles'; readonly ms: number; readonly honoursAbort: boolean }
  | { readonly kind: 'hangs'; readonly after: 0 | 1 | 2 }
  | { readonly kind: 'blocks'; readonly ms: number }
  /** Goes on after a failed statement. */
  | { readonly kind: 'swallows' }
  /** Ends its transaction by itself. */
  | { readonly kind: 'commits'; readonly after: 1 | 2 };

export interface ChangePlan {
  readonly id: string;
  readonly system: SystemName;
  readonly transactional: boolean;
  /** It saves a checkpoint after each part of its effect. */
  readonly resumable: boolean;
  readonly runBy: 'start' | 'cli';
  readonly recovery: RecoveryStrategy;
  readonly retry: RetryPolicy | undefined;
  readonly deadlineMs: number | undefined;
  readonly verify: boolean;
  readonly rollback: 'none' | 'works' | 'fails once';
  /** Of its first invocations, whoever makes them; later ones work. */
  readonly behaviours: readonly Behaviour[];
}

export interface PodPlan {
  readonly name: string;
  readonly startsAtMs: number;
  readonly skewMs: number;
  /** When its platform tells it to shut down, if it does. */
  readonly closesAfterMs: number | undefined;
  readonly role: Role;
}

/** A target system is set back to an earlier moment, as from a backup, and people adopt it. */
export interface SetBack {
  readonly toMs: number;
  readonly atMs: number;
  /** When each of them hears of it, after that. */
  readonly adoptedAfterMs: readonly number[];
}

/** What a person does who develops, because all of it may be thrown away. */
export interface Development {
  /** When a change is redone, and which. */
  readonly redos: readonly { readonly atMs: number; readonly changeId: string }[];
  /** When a new epoch is begun, and whether the systems were made anew before, as they should be. */
  readonly resets: readonly { readonly atMs: number; readonly drops: boolean }[];
}

/** Everything about a schedule but the order of its steps. */
export interface Scenario {
  readonly leaseMs: number;
  readonly waitMs: number;
  /** How long a run may take under the lock. */
  readonly runDeadlineMs: number | undefined;
  /** How many starts each pod has. */
  readonly starts: number;
  /** The store has one connection by nature. */
  readonly storeHasOneWriter: boolean;
  readonly targetHasOneWriter: boolean;
  readonly changes: readonly ChangePlan[];
  readonly releases: Releases;
  readonly pods: readonly PodPlan[];
  /** When people undo something, and whether only the last change or everything. */
  readonly undos: readonly { readonly atMs: number; readonly all: boolean }[];
  readonly setBack: SetBack | undefined;
  readonly development: Development;
  readonly faults: readonly Fault[];
  /** How slow the network is where nothing goes wrong. */
  readonly slowness: number;
}

export function drawScenario(random: Random): Scenario {
  const leaseMs = 30_000;
  const drawn = Array.from({ length: random.between(1, 4) }, (_, index) => drawChange(random, index));
  const extras = random.fork('extras');
  const changes = drawn.map((change) => withExtras(change, extras));
  const releases = drawReleases(
    extras,
    changes.map(({ id }) => id),
  );
  const outOfOrder = extras.chance(0.3);
  const pods = Array.from({ length: random.between(2, 4) }, (_, index): PodPlan => ({
    name: `pod-${index + 1}`,
    startsAtMs: random.chance(0.7) ? 0 : random.between(0, 60_000),
    skewMs: random.chance(0.5) ? 0 : random.between(-3_600_000, 3_600_000),
    closesAfterMs: random.chance(0.1) ? random.between(0, 60_000) : undefined,
    role: drawRole(
      extras,
      releases,
      random.chance(0.05) ? random.between(1, changes.length) : changes.length,
      outOfOrder,
    ),
  }));
  const scenario = {
    leaseMs,
    waitMs: random.pick([40_000, 70_000, 150_000]),
    runDeadlineMs: extras.chance(0.1) ? extras.pick([20_000, 60_000]) : undefined,
    starts: random.between(1, 3),
    storeHasOneWriter: random.chance(0.25),
    targetHasOneWriter: random.chance(0.2),
    changes,
    releases,
    pods,
    undos: random.chance(0.2) ? [{ atMs: random.between(0, 150_000), all: random.chance(0.3) }] : [],
    setBack: extras.chance(0.08) ? drawSetBack(extras) : undefined,
    faults: [
      ...drawFaults(random.fork('faults'), leaseMs),
      ...(changes.some(({ resumable }) => resumable)
        ? drawCheckpointFaults(extras.fork('checkpoint faults'), leaseMs)
        : []),
    ],
    slowness: random.pick([0, 1, 1, 3]),
  };
  return { ...scenario, development: drawDevelopment(random.fork('developer'), scenario) };
}

const RETRY: RetryPolicy = { attempts: 2, backoffMs: 200, maxBackoffMs: 30_000 };

function drawChange(random: Random, index: number): ChangePlan {
  const system = random.weighted<SystemName>([
    [3, 'shared'],
    [4, 'separate'],
    [2, 'plain'],
    [2, 'watched'],
  ]);
  const transactional = (system === 'shared' || system === 'separate') && random.chance(0.85);
  const count = random.weighted([
    [5, 0],
    [3, 1],
    [2, 2],
  ]);
  const recovery = random.chance(0.25) ? 'ALWAYS_RETRY' : 'MANUAL_INTERVENTION';
  const first = drawBehaviour(random, transactional);
  const again = random.chance(0.5);
  return {
    id: 'abcd'[index] ?? 'z',
    system,
    transactional,
    resumable: false,
    runBy: 'start',
    recovery,
    retry: recovery === 'ALWAYS_RETRY' && random.chance(0.5) ? RETRY : undefined,
    deadlineMs: random.chance(0.2) ? random.pick([15_000, 40_000]) : undefined,
    verify: random.chance(0.35),
    rollback: random.pick(['none', 'works', 'fails once']),
    behaviours: Array.from({ length: count }, (_, index) =>
      index === 0 || again ? first : drawBehaviour(random, transactional),
    ),
  };
}

/** What only some changes have. A resumable one needs nobody to look. */
function withExtras(change: ChangePlan, random: Random): ChangePlan {
  const resumable = random.chance(0.3) && !change.transactional;
  return {
    ...change,
    resumable,
    runBy: random.chance(0.03) ? 'cli' : 'start',
    ...(resumable ? { recovery: 'ALWAYS_RETRY' } : {}),
  };
}

function drawBehaviour(random: Random, transactional: boolean): Behaviour {
  const ms = random.pick([200, 5000, 20_000, 45_000, 90_000]);
  return random.weighted<Behaviour>([
    [2, { kind: 'works' }],
    [3, { kind: 'throws', after: random.pick([0, 1, 2]), transient: random.chance(0.3) }],
    [1, { kind: 'declines' }],
    [3, { kind: 'dawdles', ms, honoursAbort: random.chance(0.5) }],
    [1, { kind: 'hangs', after: random.pick([0, 1, 2]) }],
    [2, { kind: 'blocks', ms }],
    [transactional ? 1 : 0, { kind: 'swallows' }],
    [transactional ? 1.5 : 0, { kind: 'commits', after: random.pick([1, 2]) }],
  ]);
}

function drawSetBack(random: Random): SetBack {
  const atMs = random.between(0, random.pick([3000, 30_000, 100_000]));
  return {
    toMs: random.chance(0.4) ? 0 : random.between(0, Math.min(atMs, 2000)),
    atMs,
    adoptedAfterMs: Array.from({ length: random.between(0, 3) }, () => random.pick([0, 0, 50, 60_000])),
  };
}

/** Whoever throws systems away restores none. */
function drawDevelopment(
  random: Random,
  { changes, setBack }: Pick<Scenario, 'changes' | 'setBack'>,
): Development {
  if (setBack !== undefined || !random.chance(0.15)) return { redos: [], resets: [] };
  const atMs = (): number => random.between(0, random.pick([3000, 30_000, 150_000]));
  return {
    redos: Array.from({ length: random.between(0, 2) }, () => ({
      atMs: atMs(),
      changeId: changes[random.between(0, changes.length - 1)]?.id ?? '',
    })),
    resets: Array.from({ length: random.between(0, 2) }, () => ({ atMs: atMs(), drops: random.chance(0.8) })),
  };
}
