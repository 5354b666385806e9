import { randomUUID } from 'node:crypto';
import type { Change, ChangeMethod } from '../src/change/change.js';
import type { ChangeContext } from '../src/change/change-context.js';
import type { Token } from '../src/change/token.js';
import { bindChanges } from '../src/dependencies/bind.js';
import type { EngineContext } from '../src/engine/context.js';
import { InsideChange } from '../src/engine/inside-change.js';
import { Redactor } from '../src/report/redactor.js';
import type { StartParts } from '../src/engine/start-parts.js';
import { start } from '../src/engine/start.js';
import { StoreAccess } from '../src/engine/store-access.js';
import { type FlamingockError, throwProblems } from '../src/errors.js';
import type { FlamingockEvent } from '../src/events.js';
import type { RunReport } from '../src/run-report.js';
import type { AuditStore } from '../src/ledger/audit-store.js';
import type { ChangeEntry } from '../src/ledger/entry.js';
import { unseal } from '../src/ledger/seal.js';
import { type Logger, silentLogger } from '../src/logger.js';
import { memoryAuditStore } from '../src/memory/memory-store.js';
import type { MemoryDatabase } from '../src/memory/memory-database.js';
import { assignTargets } from '../src/plan/assign-target.js';
import { declarationOf } from '../src/plan/declaration.js';
import { systemTime, type Time } from '../src/time.js';
import type { Target } from '../src/target/target.js';

export const KEY = { service: 'orders', environment: 'test', tenant: '' } as const;

export interface InstanceParts {
  readonly store: AuditStore;
  readonly targets: Readonly<Record<string, Target>>;
  readonly changes: readonly Change[];
  readonly environment?: string;
  readonly tenant?: string;
  readonly environments?: readonly string[];
  readonly disposable?: boolean;
  readonly mode?: StartParts['mode'];
  readonly by?: StartParts['by'];
  readonly outOfOrder?: boolean;
  readonly leaseMs?: number;
  readonly waitMs?: number;
  readonly storeTimeoutMs?: number;
  readonly time?: Time;
  readonly runDeadlineMs?: number;
  readonly abortGraceMs?: number;
  readonly logger?: Logger;
}

export interface Instance {
  readonly engine: EngineContext;
  readonly events: FlamingockEvent[];
  /** What commands of people need besides the engine. */
  readonly parts: Pick<StartParts, 'changes' | 'bind'>;
  start(): Promise<RunReport>;
  /** As `close()` of an engine; without a grace period the current change is not told to stop. */
  close(graceMs?: number): void;
}

/** One process of the application, as far as the engine knows. */
export function instance(parts: InstanceParts): Instance {
  const events: FlamingockEvent[] = [];
  const closing = new AbortController();
  const aborting = new AbortController();
  const redactor = new Redactor([]);
  const { store, targets, leaseMs = 30_000, time = systemTime } = parts;
  const engine: EngineContext = {
    key: { ...KEY, environment: parts.environment ?? KEY.environment, tenant: parts.tenant ?? KEY.tenant },
    store,
    access: new StoreAccess(store, parts.storeTimeoutMs ?? 5000, redactor, time),
    targets,
    instance: { instanceId: randomUUID(), host: 'host', processId: process.pid },
    listedEnvironments: parts.environments ?? [],
    disposable: parts.disposable ?? false,
    outOfOrder: parts.outOfOrder ?? false,
    lease: { leaseMs, renewMs: leaseMs / 3, waitMs: parts.waitMs ?? 15_000 },
    limits: { runDeadlineMs: parts.runDeadlineMs, abortGraceMs: parts.abortGraceMs ?? 5000 },
    time,
    logger: parts.logger ?? silentLogger,
    redactor,
    emit: (event) => events.push(event),
    closing: closing.signal,
    aborting: aborting.signal,
    inside: new InsideChange(),
  };
  const problems: FlamingockError[] = [];
  const changes = assignTargets(parts.changes, targets, engine.key.environment, problems);
  throwProblems(problems);
  const bind = async (pending: typeof changes): ReturnType<typeof bindChanges> => {
    const found: FlamingockError[] = [];
    const bound = await bindChanges(
      pending,
      targets,
      store,
      { dependencies: [], container: undefined, effectFree: [], redact: String },
      found,
    );
    throwProblems(found);
    return bound;
  };
  return {
    engine,
    events,
    parts: { changes, bind },
    start: () =>
      start(engine, {
        mode: parts.mode ?? 'apply',
        by: parts.by ?? 'start',
        changes,
        declaration: declarationOf(changes, targets),
        bind,
      }),
    close: (graceMs) => {
      closing.abort();
      if (graceMs !== undefined)
        time.after(graceMs, () => {
          aborting.abort();
        });
    },
  };
}

/** A method that asks for tokens and does something with what it gets. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- tokens of tests carry no types: the caller says what they stand for
export function asking<T extends unknown[]>(
  tokens: readonly Token[],
  invoke: (clients: T, context: ChangeContext) => unknown,
): ChangeMethod {
  const parameters = tokens.map((token, index) => ({
    token,
    position: `apply() parameter ${index + 1}`,
    outside: false,
    optional: false,
  }));
  return { parameters, invoke: (_instance, values, context) => invoke(values as T, context) };
}

/** `id:state:proof` of every entry about a change, oldest first. */
export async function storyOf(database: MemoryDatabase): Promise<readonly string[]> {
  const { entries } = await memoryAuditStore(database).read(KEY, 0);
  return entries
    .map(unseal)
    .filter((entry): entry is ChangeEntry => 'changeId' in entry)
    .map((entry) => `${entry.changeId}:${entry.state}:${entry.proof}`);
}
