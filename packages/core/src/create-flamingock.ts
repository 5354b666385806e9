import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { discover } from './discovery/discover.js';
import { bindChanges } from './dependencies/bind.js';
import type { EngineContext } from './engine/context.js';
import { InsideChange } from './engine/inside-change.js';
import { historyOf } from './engine/ledger-history.js';
import type { RunBy } from './engine/may-apply.js';
import { leavingError } from './report/leaving-error.js';
import { noteEngine, startsAreHeld } from './desk/held-starts.js';
import { narrate } from './report/narrate.js';
import { ReadinessTracker } from './report/readiness-tracker.js';
import { Redactor } from './report/redactor.js';
import { type Commands, commandsOf } from './engine/commands.js';
import { type Reading, readNow } from './engine/sequence.js';
import type { StartParts } from './engine/start-parts.js';
import { start } from './engine/start.js';
import { StoreAccess } from './engine/store-access.js';
import { FlamingockError, isFlamingockError, throwProblems } from './errors.js';
import type { FlamingockEvent, FlamingockListener } from './events.js';
import type { CloseOptions, Flamingock, HistoryOptions, RunOptions } from './flamingock.js';
import type { RunReport } from './run-report.js';
import type { RecordedError } from './ledger/entry.js';
import { knownNames } from './nearest.js';
import { cleaned, consoleLogger, silentLogger } from './logger.js';
import type { FlamingockOptions } from './options.js';
import { orAbort } from './lock/or-abort.js';
import { type AssignedChange, assignTargets } from './plan/assign-target.js';
import { declarationOf } from './plan/declaration.js';
import { systemTime } from './time.js';
import { LONGEST_TIMER_MS, validateOptions, type ValidOptions } from './validate-options.js';

/**
 * Makes the engine for one service, environment and tenant. Nothing is read or executed before `run()`.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * const flamingock = createFlamingock({
 *   service: 'orders',
 *   environment: process.env.FLAMINGOCK_ENV,
 *   auditStore: sqlAuditStore(auditDatabase),
 *   targets: { 'orders-db': sqlTarget(ordersDatabase) },
 *   changes: { directory: join(import.meta.dirname, 'changes') },
 * });
 * await flamingock.run();
 */
export function createFlamingock(options: FlamingockOptions): Flamingock {
  const flamingock = new Engine(validateOptions(options));
  noteEngine({ flamingock, options });
  return flamingock;
}

class Engine implements Flamingock {
  readonly #options: ValidOptions;
  readonly #context: EngineContext;
  readonly #readiness = new ReadinessTracker();
  readonly #listeners = new Set<FlamingockListener>();
  readonly #closing = new AbortController();
  readonly #aborting = new AbortController();
  readonly #inside = new InsideChange();
  #sequence: Promise<DeclaredSequence> | undefined;
  #declaration: string | undefined;
  #running: Promise<RunReport> | undefined;
  readonly #commands: Commands;
  readonly #commanded = new Set<Promise<unknown>>();

  constructor(options: ValidOptions) {
    this.#options = options;
    this.#context = this.#createContext(options);
    // Commands of people say nothing of whether this instance is ready.
    const emit = (event: FlamingockEvent): void => {
      this.#emitToPeople(event);
    };
    this.#commands = commandsOf({ ...this.#context, emit }, () => this.#parts());
  }

  run(options: RunOptions = {}): Promise<RunReport> {
    const refusal = this.#inside.refusal('run()');
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#running ??= this.#run(options).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  plan(): Promise<Reading['plan']> {
    return this.#answer(async () => (await this.#read()).plan);
  }

  status(): ReturnType<Flamingock['status']> {
    return this.#answer(async () => {
      const { plan, lock, now } = await this.#read();
      return { plan, lock, now };
    });
  }

  history(options: HistoryOptions = {}): ReturnType<Flamingock['history']> {
    return this.#answer(() => this.#history(options));
  }

  issues(): ReturnType<Flamingock['issues']> {
    return this.#command('issues()', (commands) => commands.issues());
  }

  issue(...parameters: Parameters<Flamingock['issue']>): ReturnType<Flamingock['issue']> {
    return this.#command('issue()', (commands) => commands.issue(...parameters));
  }

  resolve(...parameters: Parameters<Flamingock['resolve']>): Promise<void> {
    return this.#command('resolve()', (commands) => commands.resolve(...parameters));
  }

  undo(...parameters: Parameters<Flamingock['undo']>): ReturnType<Flamingock['undo']> {
    return this.#command('undo()', (commands) => commands.undo(...parameters));
  }

  redo(...parameters: Parameters<Flamingock['redo']>): ReturnType<Flamingock['redo']> {
    return this.#command('redo()', (commands) => commands.redo(...parameters));
  }

  adopt(...parameters: Parameters<Flamingock['adopt']>): ReturnType<Flamingock['adopt']> {
    return this.#command('adopt()', (commands) => commands.adopt(...parameters));
  }

  reset(...parameters: Parameters<Flamingock['reset']>): ReturnType<Flamingock['reset']> {
    return this.#command('reset()', (commands) => commands.reset(...parameters));
  }

  verify(...parameters: Parameters<Flamingock['verify']>): ReturnType<Flamingock['verify']> {
    return this.#command('verify()', (commands) => commands.verify(...parameters));
  }

  readiness(): ReturnType<Flamingock['readiness']> {
    return this.#readiness.current;
  }

  subscribe(listener: FlamingockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close({ graceMs = this.#options.shutdownGraceMs }: CloseOptions = {}): Promise<void> {
    assertGrace(graceMs);
    // First of all: whoever asks from now on sends nothing more here.
    this.#readiness.closing();
    this.#closing.abort(closed());
    const { time } = this.#context;
    const cancel = time.after(graceMs, () => {
      this.#aborting.abort(closed());
    });
    const ended = (async () => {
      await Promise.allSettled([this.#running, ...this.#commanded]);
      cancel();
      this.#readiness.closed();
    })();
    // The run that is to end waits for the change that calls this.
    if (this.#inside.change === undefined) await ended;
  }

  async #run({ by = 'start', until, waitMs }: RunOptions): Promise<RunReport> {
    const mode = by === 'cli' ? 'apply' : startsAreHeld() ? 'off' : this.#options.mode;
    try {
      if (this.#closing.signal.aborted) throw closed();
      const report =
        mode === 'off'
          ? this.#leave()
          : await start(this.#context, { ...(await this.#startParts(mode, by, until)), waitMs });
      this.#readiness.succeeded(report);
      return report;
    } catch (cause) {
      const error = this.#leaving(cause);
      if (this.#closing.signal.aborted) this.#readiness.closed();
      else this.#readiness.failed(error);
      throw error;
    }
  }

  async #command<T>(what: string, work: (commands: Commands) => Promise<T>): Promise<T> {
    const refusal = this.#inside.refusal(what);
    if (refusal !== undefined) throw refusal;
    if (this.#closing.signal.aborted) throw closed();
    const working = work(this.#commands);
    this.#commanded.add(working);
    try {
      return await this.#answer(() => working);
    } finally {
      this.#commanded.delete(working);
    }
  }

  async #answer<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw this.#leaving(cause);
    }
  }

  #leaving(cause: unknown): FlamingockError {
    const { redactor } = this.#context;
    return isFlamingockError(cause) ? leavingError(cause, redactor) : internal(redactor.record(cause));
  }

  async #history({ anchor }: HistoryOptions): ReturnType<Flamingock['history']> {
    const { entries, ...found } = await historyOf(this.#context, anchor);
    return { ...found, entries: entries.map(({ hash: _ofTheChain, ...entry }) => entry) };
  }

  /** Switched off: neither the changes nor the store are looked at. */
  #leave(): RunReport {
    const report = { outcome: 'off', applied: [], settled: [], total: 0, ahead: [], durationMs: 0 } as const;
    // Whoever holds the starts has a run of their own to tell of.
    if (!startsAreHeld()) this.#emit({ type: 'run-finished', ...report, applied: 0, settled: 0 });
    return { ...report, executionId: undefined };
  }

  async #startParts(
    mode: StartParts['mode'],
    by: RunBy,
    until: string | undefined,
  ): Promise<Omit<StartParts, 'waitMs'>> {
    const { changes, problems } = await this.#declared();
    if (problems.length === 0) assertDeclared(changes, until);
    this.#declaration ??= declarationOf(changes, this.#options.targets);
    return { bind: this.#binding(), changes, problems, mode, by, until, declaration: this.#declaration };
  }

  async #parts(): Promise<Pick<StartParts, 'changes' | 'bind'>> {
    const { changes, problems } = await this.#declared();
    throwProblems(problems);
    return { changes, bind: this.#binding() };
  }

  #binding(): StartParts['bind'] {
    const { targets, auditStore, dependencies = [], container, effectFree = [] } = this.#options;
    const sources = {
      redact: (text: string) => this.#context.redactor.redact(text),
      dependencies,
      container,
      effectFree: [...effectFree, ...(container?.effectFree ?? [])],
    };
    return async (changes) => {
      const problems: FlamingockError[] = [];
      // A container may build providers for as long as it likes; a shutdown does not wait for it.
      const binding = bindChanges(changes, targets, auditStore, sources, problems);
      const bound = await orAbort(binding, this.#aborting.signal);
      throwProblems(problems);
      return bound;
    };
  }

  async #read(): Promise<Reading> {
    return readNow(this.#context, (await this.#parts()).changes);
  }

  #declared(): Promise<DeclaredSequence> {
    this.#sequence ??= discoverSequence(this.#options, this.#context.redactor);
    return this.#sequence;
  }

  #createContext(options: ValidOptions): EngineContext {
    const { service, environment, tenant, auditStore, targets, logger, applicationVersion } = options;
    const secrets = [options, auditStore, ...Object.values(targets)].flatMap((part) => part.secrets ?? []);
    const redactor = new Redactor(secrets);
    return {
      key: { service, environment, tenant },
      store: auditStore,
      access: new StoreAccess(auditStore, options.storeTimeoutMs, redactor, systemTime),
      targets,
      instance: {
        instanceId: randomUUID(),
        host: hostname(),
        processId: process.pid,
        ...(applicationVersion === undefined ? {} : { applicationVersion }),
      },
      listedEnvironments: Object.keys(options.environments ?? {}),
      disposable: options.environments?.[environment]?.disposable === true,
      outOfOrder: options.outOfOrder === 'allow',
      lease: options.lock,
      limits: { runDeadlineMs: options.runDeadlineMs, abortGraceMs: options.abortGraceMs },
      time: systemTime,
      // Also what changes write, and what listeners throw, goes through it.
      logger: cleaned(logger === false ? silentLogger : (logger ?? consoleLogger), (line) =>
        redactor.redact(line),
      ),
      redactor,
      emit: (event) => {
        this.#emit(event);
      },
      closing: this.#closing.signal,
      aborting: this.#aborting.signal,
      inside: this.#inside,
    };
  }

  #emit(event: FlamingockEvent): void {
    this.#readiness.observe(event);
    this.#emitToPeople(event);
  }

  /** A change may set events off; those who are told of them are no part of it. */
  #emitToPeople(event: FlamingockEvent): void {
    this.#inside.outside(() => {
      this.#tell(event);
    });
  }

  #tell(event: FlamingockEvent): void {
    narrate(event, this.#context.logger);
    for (const listener of this.#listeners) {
      // Asynchronous ones too: an unhandled rejection would end the process in the middle of a change.
      const told = async (): Promise<void> => {
        await listener(event);
      };
      told().catch((error: unknown) => {
        this.#context.logger.warn(
          `a listener failed at '${event.type}': ${this.#context.redactor.record(error).message}`,
        );
      });
    }
  }
}

/** What was declared, as far as it could be read, and everything that is wrong with it. */
type DeclaredSequence = Required<Pick<StartParts, 'changes' | 'problems'>>;

/** Finds the changes and gives each its target system. */
async function discoverSequence(options: ValidOptions, redactor: Redactor): Promise<DeclaredSequence> {
  const { changes, problems } = await discover(options.changes, (text) => redactor.redact(text));
  const all = [...problems];
  const assigned = assignTargets(changes, options.targets, options.environment, all);
  return { changes: assigned, problems: all };
}

function internal(error: RecordedError): FlamingockError {
  return new FlamingockError({
    code: 'FLG_INTERNAL',
    message: `The run stopped at something unexpected: ${error.name}: ${error.message}.`,
    hint: 'Start again: the next start finds out what is applied. Report it with this message; it is a defect of Flamingock or of an adapter.',
  });
}

function assertDeclared(changes: readonly AssignedChange[], until: string | undefined): void {
  if (until === undefined || changes.some(({ id }) => id === until)) return;
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `The change '${until}', with which the run is to end (until), is not declared.`,
    hint: knownNames(
      until,
      changes.map(({ id }) => id),
    ),
  });
}

function assertGrace(graceMs: unknown): void {
  if (typeof graceMs === 'number' && graceMs >= 0 && graceMs <= LONGEST_TIMER_MS) return;
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `close(): graceMs must be a number of milliseconds from 0 to ${LONGEST_TIMER_MS}.`,
    hint: 'Leave it out for shutdownGraceMs.',
  });
}

function closed(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CLOSED',
    message: 'The instance is closed.',
    hint: 'Create a new one.',
  });
}
