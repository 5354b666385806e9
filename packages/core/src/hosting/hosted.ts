import { createFlamingock } from '../create-flamingock.js';
import { FlamingockError, isFlamingockError, throwProblems } from '../errors.js';
import type { Flamingock } from '../flamingock.js';
import { isObject } from '../is-object.js';
import { unknownKeys } from '../known-keys.js';
import { cleaned, consoleLogger, type Logger, silentLogger } from '../logger.js';
import type { FlamingockOptions } from '../options.js';
import { OPTION_KEYS } from '../validate-options.js';
import { createGate, type Gate } from './gate.js';
import {
  GATE_KEYS,
  HOSTING_KEYS,
  type HostingOptions,
  type ValidHosting,
  validHosting,
} from './hosting-options.js';
import type { GateRequest } from './open-paths.js';
import { runUntilSignal } from './run-until-signal.js';

/** An engine in an application that serves HTTP, with the gate before its traffic. */
export interface Hosted extends Gate {
  readonly flamingock: Flamingock;
  readonly hosting: ValidHosting;
  /**
   * Runs the sequence. With `block` it resolves when the sequence is complete and rejects with the coded error of the
   * run; with `background` it resolves at once. SIGTERM and SIGINT during the run: see `runUntilSignal`.
   */
  start(): Promise<void>;
  /**
   * Runs the sequence and opens the gate; rejects with the coded error of the run. The part of `start` for a framework
   * that decides by itself who waits for it.
   */
  run(): Promise<void>;
  /**
   * Says that a run has failed, and does what `onFailure` says. A shutdown in the middle is no failure: it is not even
   * said, unless a change was given up with it, and whoever asked for it ends the process.
   */
  failed(error: FlamingockError): Promise<void>;
}

/**
 * Makes the engine for a framework, of one object with the options of both. Nothing is read or executed before
 * `start()`.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @param where what the options were given to, for messages: `flamingock()`
 */
export function createHosted(options: FlamingockOptions & HostingOptions, where: string): Hosted {
  if (!isObject(options)) throw noOptions(where);
  const { valid, problems } = validHosting(options, where);
  const unknown = unknownKeys(options, [...OPTION_KEYS, ...HOSTING_KEYS], where);
  const { flamingock, problems: others } = engineOf(pick(options, OPTION_KEYS));
  throwProblems([...unknown, ...problems, ...others]);
  return new HostedEngine(flamingock as Flamingock, valid, where, loggerOf(options.logger));
}

class HostedEngine implements Hosted {
  readonly #gate: Gate;

  constructor(
    readonly flamingock: Flamingock,
    readonly hosting: ValidHosting,
    where: string,
    private readonly logger: Logger,
  ) {
    this.#gate = createGate(flamingock, pick(hosting, GATE_KEYS), where);
  }

  async start(): Promise<void> {
    const running = this.run();
    if (this.hosting.hold === 'block') return running;
    // Nobody awaits a run in the background.
    running.catch((error: unknown) => this.failed(error as FlamingockError));
  }

  run(): Promise<void> {
    return runUntilSignal(this.flamingock, { logger: this.logger });
  }

  async failed(error: FlamingockError): Promise<void> {
    if (error.code === 'FLG_CLOSED') return;
    this.logger.error(error.message);
    if (this.flamingock.readiness().state === 'closed') return;
    const { onFailure } = this.hosting;
    if (typeof onFailure === 'function') await onFailure(error);
    else if (onFailure === 'exit') process.exit(1);
  }

  refuse(request: GateRequest): ReturnType<Gate['refuse']> {
    return this.#gate.refuse(request);
  }
}

/** The engine; or what is wrong with its options, so that everything else that is wrong is reported with it. */
function engineOf(options: FlamingockOptions): {
  readonly flamingock?: Flamingock;
  readonly problems: readonly FlamingockError[];
} {
  try {
    return { flamingock: createFlamingock(options), problems: [] };
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    return { problems: error.problems.length > 0 ? error.problems : [error] };
  }
}

function pick<T extends object>(value: T, keys: readonly (keyof T)[]): T {
  return Object.fromEntries(keys.filter((key) => key in value).map((key) => [key, value[key]])) as T;
}

function loggerOf(logger: FlamingockOptions['logger']): Logger {
  return cleaned(logger === false ? silentLogger : (logger ?? consoleLogger), (line) => line);
}

function noOptions(where: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `${where}: the options must be an object.`,
    hint: 'Pass { service, environment, auditStore, targets, changes }.',
  });
}
