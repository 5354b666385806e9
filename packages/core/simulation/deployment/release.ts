import type { Random } from '../world/random.js';

/** What one release of the application declares. */
export interface Release {
  /** Ids, in order. */
  readonly declares: readonly string[];
  /** Ids of those of them that run in other environments only. */
  readonly restricted: readonly string[];
}

/** What a process is: a part of the rules depends on it. */
export interface Role {
  readonly release: Release;
  readonly mode: 'apply' | 'wait' | 'validate';
  /** What its operator runs by command may also apply what was undone, and what is reserved for that. */
  readonly by: 'start' | 'cli';
  /** Whether its configuration allows a change below one that is applied. */
  readonly outOfOrder: boolean;
}

/** The releases of which processes run at the same time. */
export interface Releases {
  readonly older: Release;
  readonly newest: Release;
}

/** The newest one may have a change more, in the middle of the sequence, and a restriction less. */
export function drawReleases(random: Random, ids: readonly string[]): Releases {
  const late = ids.length > 1 && random.chance(0.12) ? ids[random.between(0, ids.length - 2)] : undefined;
  const restricted = ids.filter((id) => id !== late && random.chance(0.06));
  return {
    older: { declares: ids.filter((id) => id !== late), restricted },
    newest: { declares: ids, restricted: random.chance(0.4) ? [] : restricted },
  };
}

/** What a process is of which nothing is known but how many changes it declares. */
export function drawRole(
  random: Random,
  { older, newest }: Releases,
  declares: number,
  outOfOrder: boolean,
): Role {
  const { declares: ids, restricted } = random.chance(0.5) ? older : newest;
  return {
    release: { declares: ids.slice(0, declares), restricted },
    mode: random.weighted<Role['mode']>([
      [17, 'apply'],
      [2, 'wait'],
      [1, 'validate'],
    ]),
    by: random.chance(0.1) ? 'cli' : 'start',
    outOfOrder,
  };
}

/** An operator who wants the sequence to be complete. */
export function operator({ newest }: Releases): Role {
  return { release: newest, mode: 'apply', by: 'cli', outOfOrder: true };
}
