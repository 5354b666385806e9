import { types } from 'node:util';
import { FlamingockError } from '../errors.js';
import { isAnchored, type OpenPath } from './open-paths.js';

/** What a gate lets through before the sequence is complete, and what it answers to everything else. */
export interface GateOptions {
  /** Where the readiness probe is answered. Default `/health/ready`; `false`: nowhere. */
  readonly readinessPath?: string | false;
  /**
   * Paths that are served beside it while the gate is closed, such as the liveness probe; for GET and HEAD only. A text is
   * that very path, as requests write it, with or without a slash at its end; one that ends in `/*` is everything below it;
   * a pattern, from `^` to `$`, has to match the whole path. Default none.
   */
  readonly openPaths?: readonly OpenPath[];
  /** When a refused request may come again, in seconds. Default 5. */
  readonly retryAfterSeconds?: number;
}

/** How an application that serves HTTP holds its traffic until the sequence is complete. */
export interface HostingOptions extends GateOptions {
  /**
   * `block`: the application does not listen before. `background`: it listens at once, answers 503 to everything but its
   * open paths, and serves when the run is done. Default `block`.
   */
  readonly hold?: 'block' | 'background';
  /**
   * What happens where a run in the background fails, after its reason was logged. `exit`: the process ends with code 1,
   * so that whoever started it starts it again. `stay`: it goes on answering 503, and its readiness tells the code of the
   * error. Or a function that is told of it; where that fails, it is an unhandled rejection as anywhere else in the
   * application. Default `exit`.
   */
  readonly onFailure?: 'exit' | 'stay' | ((error: FlamingockError) => unknown);
}

/** The options with their defaults. */
export type ValidHosting = Required<HostingOptions>;

/** The keys of {@link GateOptions}. */
export const GATE_KEYS = ['readinessPath', 'openPaths', 'retryAfterSeconds'] as const;
/** The keys of {@link HostingOptions}: they are no options of the engine. */
export const HOSTING_KEYS = ['hold', 'onFailure', ...GATE_KEYS] as const;

/** The options with their defaults, and what is wrong with them. */
export function validHosting(
  options: HostingOptions,
  where: string,
): { readonly valid: ValidHosting; readonly problems: readonly FlamingockError[] } {
  const valid: ValidHosting = {
    hold: 'block',
    onFailure: 'exit',
    readinessPath: '/health/ready',
    openPaths: [],
    retryAfterSeconds: 5,
    ...Object.fromEntries(
      HOSTING_KEYS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
    ),
  };
  const problems = Object.entries(RULES)
    .filter(([key, { holds }]) => !holds(valid[key as keyof ValidHosting]))
    .map(([key, { must }]) => invalid(`${key} must ${must}`, where));
  return { valid, problems };
}

/** What must be true of each option; of values that plain JavaScript may have given. */
const RULES: Readonly<Record<keyof HostingOptions, { must: string; holds: (value: unknown) => boolean }>> = {
  hold: { must: "be 'block' or 'background'", holds: oneOf('block', 'background') },
  onFailure: {
    must: "be 'exit', 'stay' or a function",
    holds: (value) => typeof value === 'function' || oneOf('exit', 'stay')(value),
  },
  readinessPath: {
    must: "begin with '/', or be false",
    holds: (value) => value === false || isPath(value),
  },
  openPaths: {
    must: "be a list of paths that begin with '/', and of patterns that begin with '^' and end with '$'",
    holds: (value) => Array.isArray(value) && value.every((path) => isPath(path) || isPattern(path)),
  },
  retryAfterSeconds: {
    must: 'be a whole number of seconds',
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
};

function oneOf(...values: readonly string[]): (value: unknown) => boolean {
  return (value) => values.includes(value as string);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}

/** One without its ends would open more than is meant: `/live/` also `/orders/deliver`. */
function isPattern(value: unknown): boolean {
  return types.isRegExp(value) && isAnchored(value);
}

function invalid(what: string, where: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `${where}: ${what}.`,
    hint: 'Leave it out for the default.',
  });
}
