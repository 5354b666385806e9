import { FlamingockError, throwProblems } from '../errors.js';
import { isObject } from '../is-object.js';
import { isOpenPath, type OpenPath } from './open-paths.js';

/** How an application that serves HTTP holds its traffic until the sequence is complete. */
export interface HostingOptions {
  /**
   * `block`: the application does not listen before. `background`: it listens at once, answers 503 to everything but its
   * open paths, and serves when the run is done. Default `block`.
   */
  readonly hold?: 'block' | 'background';
  /**
   * What happens where a run in the background fails. `exit`: the process ends with code 1, so that whoever started it
   * starts it again. `stay`: it goes on answering 503, and its readiness tells the code of the error. Or a function that
   * is told of it. Default `exit`.
   */
  readonly onFailure?: 'exit' | 'stay' | ((error: FlamingockError) => unknown);
  /** Where the readiness probe is answered. Default `/health/ready`; `false`: nowhere. */
  readonly readinessPath?: string | false;
  /** Paths that are served beside it while the gate is closed, such as the liveness probe. Default none. */
  readonly openPaths?: readonly OpenPath[];
  /** When a refused request may come again, in seconds. Default 5. */
  readonly retryAfterSeconds?: number;
}

/** The options with their defaults. */
export type ValidHosting = Required<HostingOptions>;

/** The keys of {@link HostingOptions}: they are no options of the engine. */
const KEYS = ['hold', 'onFailure', 'readinessPath', 'openPaths', 'retryAfterSeconds'] as const;

/** What was given in one object: how to hold traffic, and everything else. */
export function partedOptions<T extends HostingOptions>(
  options: T,
): { readonly hosting: HostingOptions; readonly rest: Omit<T, keyof HostingOptions> } {
  const isHosting = ([key]: [string, unknown]): boolean => (KEYS as readonly string[]).includes(key);
  const entries = Object.entries(options);
  return {
    hosting: Object.fromEntries(entries.filter(isHosting)) as HostingOptions,
    rest: Object.fromEntries(entries.filter((entry) => !isHosting(entry))) as Omit<T, keyof HostingOptions>,
  };
}

/** Throws `FLG_OPTION_INVALID`, all problems together. */
export function validHosting(options: HostingOptions, where: string): ValidHosting {
  const valid: ValidHosting = {
    hold: 'block',
    onFailure: 'exit',
    readinessPath: '/health/ready',
    openPaths: [],
    retryAfterSeconds: 5,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
  const { hold, onFailure, readinessPath, openPaths, retryAfterSeconds } = valid;
  const rules: readonly (readonly [keyof HostingOptions, boolean, string])[] = [
    ['hold', ['block', 'background'].includes(hold), "must be 'block' or 'background'"],
    [
      'onFailure',
      typeof onFailure === 'function' || ['exit', 'stay'].includes(onFailure),
      "must be 'exit', 'stay' or a function",
    ],
    ['readinessPath', readinessPath === false || isPath(readinessPath), "must begin with '/', or be false"],
    [
      'openPaths',
      Array.isArray(openPaths) && openPaths.every((path) => isPath(path) || isPattern(path)),
      "must be a list of paths that begin with '/', and of patterns",
    ],
    [
      'retryAfterSeconds',
      Number.isSafeInteger(retryAfterSeconds) && retryAfterSeconds >= 0,
      'must be a whole number of seconds',
    ],
  ];
  throwProblems(
    rules
      .filter(([, holds]) => !holds)
      .map(
        ([name, , must]) =>
          new FlamingockError({
            code: 'FLG_OPTION_INVALID',
            message: `${where}: ${name} ${must}.`,
            hint: 'Leave it out for the default.',
          }),
      ),
  );
  return valid;
}

/** Tells whether a request passes although the gate is closed. */
export function passesClosedGate(url: string, { readinessPath, openPaths }: ValidHosting): boolean {
  return isOpenPath(url, readinessPath === false ? openPaths : [readinessPath, ...openPaths]);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}

function isPattern(value: unknown): boolean {
  return isObject(value) && value instanceof RegExp;
}
