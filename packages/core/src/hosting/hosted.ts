import { createFlamingock } from '../create-flamingock.js';
import { type FlamingockError, isFlamingockError, throwProblems } from '../errors.js';
import type { Flamingock } from '../flamingock.js';
import { cleaned, consoleLogger, type Logger, silentLogger } from '../logger.js';
import type { FlamingockOptions } from '../options.js';
import { gateAnswer, type ProblemBody } from './gate-answer.js';
import {
  type HostingOptions,
  partedOptions,
  passesClosedGate,
  type ValidHosting,
  validHosting,
} from './hosting-options.js';
import type { HttpAnswer } from './http-answer.js';
import { runUntilSignal } from './run-until-signal.js';

/** An engine in an application that serves HTTP, with the gate before its traffic. */
export interface Hosted {
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
   * Says that a run has failed, and does what `onFailure` says. Nothing for `FLG_CLOSED`: a shutdown in the middle is no
   * failure, and whoever asked for it ends the process.
   */
  failed(error: FlamingockError): Promise<void>;
  /**
   * What a request is answered that must not pass; `undefined` where it may. Once open, the gate stays open: while the
   * application shuts down its readiness is down, and what still arrives is served.
   *
   * @param url the path of the request, with or without a query
   */
  refuse(url: string): HttpAnswer<ProblemBody> | undefined;
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
  const { hosting, rest } = partedOptions(options);
  const problems: FlamingockError[] = [];
  const valid = collect(() => validHosting(hosting, where), problems);
  const flamingock = collect(() => createFlamingock(rest), problems);
  throwProblems(problems);
  return new HostedEngine(flamingock as Flamingock, valid as ValidHosting, loggerOf(options.logger));
}

class HostedEngine implements Hosted {
  #open = false;

  constructor(
    readonly flamingock: Flamingock,
    readonly hosting: ValidHosting,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const running = this.run();
    if (this.hosting.hold === 'block') return running;
    // Nobody awaits a run in the background.
    running.catch((error: unknown) => this.failed(error as FlamingockError));
  }

  async run(): Promise<void> {
    await runUntilSignal(this.flamingock, { logger: this.logger });
    this.#open = true;
  }

  async failed(error: FlamingockError): Promise<void> {
    if (error.code === 'FLG_CLOSED') return;
    this.logger.error(error.message);
    const { onFailure } = this.hosting;
    if (typeof onFailure === 'function') await onFailure(error);
    else if (onFailure === 'exit') process.exit(1);
  }

  refuse(url: string): HttpAnswer<ProblemBody> | undefined {
    if (this.#open || passesClosedGate(url, this.hosting)) return undefined;
    return gateAnswer(this.flamingock.readiness(), this.hosting.retryAfterSeconds);
  }
}

function loggerOf(logger: FlamingockOptions['logger']): Logger {
  return cleaned(logger === false ? silentLogger : (logger ?? consoleLogger), (line) => line);
}

/** Keeps the problems of one part, so that those of another are reported with them. */
function collect<T>(make: () => T, problems: FlamingockError[]): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    problems.push(...(error.problems.length > 0 ? error.problems : [error]));
    return undefined;
  }
}
