import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { discover } from '../discovery/discover.js';
import type { EngineContext } from '../engine/context.js';
import { InsideChange } from '../engine/inside-change.js';
import { StoreAccess } from '../engine/store-access.js';
import { isFlamingockError, type FlamingockError, throwProblems } from '../errors.js';
import { silentLogger } from '../logger.js';
import type { FlamingockOptions } from '../options.js';
import { type AssignedChange, placed } from '../plan/assign-target.js';
import { leavingError } from '../report/leaving-error.js';
import { Redactor } from '../report/redactor.js';
import { systemTime } from '../time.js';
import { validateOptions } from '../validate-options.js';

/** What a desk is opened with: everything of an application but its target systems and its dependencies. */
export type DeskOptions = Pick<
  FlamingockOptions,
  | 'service'
  | 'environment'
  | 'tenant'
  | 'environments'
  | 'auditStore'
  | 'outOfOrder'
  | 'applicationVersion'
  | 'secrets'
  | 'lock'
  | 'storeTimeoutMs'
> & {
  /** Where the sequence is declared. Without it, and where it cannot be read, the ledger alone is looked at. */
  readonly changes?: FlamingockOptions['changes'];
};

/** In the place of a target system that a change does not name: only target systems could tell which one is meant. */
export const UNNAMED = '';

/** The declared sequence as far as it can be told without target systems. */
export interface Declared {
  /** `undefined`: it is not known. */
  readonly changes: readonly AssignedChange[] | undefined;
  /** Why it is not known, where it was asked for. */
  readonly problem: FlamingockError | undefined;
}

/**
 * The engine's context without target systems: enough for whatever acts on the ledger alone.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 */
export function deskContext(options: DeskOptions): EngineContext {
  const valid = validateOptions({ ...options, changes: options.changes ?? [], targets: {} });
  const { service, environment, tenant, auditStore, applicationVersion, lock, storeTimeoutMs } = valid;
  const redactor = new Redactor([...(options.secrets ?? []), ...(auditStore.secrets ?? [])]);
  return {
    key: { service, environment, tenant },
    store: auditStore,
    access: new StoreAccess(auditStore, storeTimeoutMs, redactor, systemTime),
    targets: {},
    instance: {
      instanceId: randomUUID(),
      host: hostname(),
      processId: process.pid,
      ...(applicationVersion === undefined ? {} : { applicationVersion }),
    },
    listedEnvironments: Object.keys(options.environments ?? {}),
    disposable: valid.environments?.[environment]?.disposable === true,
    outOfOrder: options.outOfOrder === 'allow',
    lease: lock,
    limits: { runDeadlineMs: undefined, abortGraceMs: valid.abortGraceMs },
    time: systemTime,
    logger: silentLogger,
    redactor,
    emit: () => undefined,
    closing: new AbortController().signal,
    aborting: new AbortController().signal,
    inside: new InsideChange(),
  };
}

/** Reads the declared sequence. What is wrong with it is told and not thrown: the ledger can be looked at without it. */
export async function declaredAt(engine: EngineContext, options: DeskOptions): Promise<Declared> {
  if (options.changes === undefined) return { changes: undefined, problem: undefined };
  const { redactor, key } = engine;
  try {
    const { changes, problems } = await discover(options.changes, (text) => redactor.redact(text));
    throwProblems(problems);
    return {
      changes: changes.map((change) => ({
        ...change,
        targetSystem: change.targetSystem ?? UNNAMED,
        ...placed(change, key.environment),
      })),
      problem: undefined,
    };
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    return { changes: undefined, problem: leavingError(error, redactor) };
  }
}
