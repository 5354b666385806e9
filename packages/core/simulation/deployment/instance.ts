import type { EngineContext } from '../../src/engine/context.js';
import { InsideChange } from '../../src/engine/inside-change.js';
import { throwProblems, type FlamingockError } from '../../src/errors.js';
import { silentLogger } from '../../src/logger.js';
import type { Target } from '../../src/target/target.js';
import { simulatedStore } from '../systems/audit-store.js';
import type { ClientParts } from '../systems/client-parts.js';
import type { Database } from '../systems/database.js';
import type { Defects } from '../systems/defects.js';
import { plainTarget } from '../systems/plain-target.js';
import { transactionalTarget } from '../systems/transactional-target.js';
import type { Wire } from '../world/connection.js';
import type { SimulatedProcess } from '../world/simulated-process.js';
import type { EngineCode } from './engine-code.js';
import type { Role } from './release.js';
import type { Scenario, SystemName } from './scenario.js';
import { type ChangeParts, simulatedChange } from './simulated-change.js';

/** The servers of a schedule: the store's is also the one that `shared` changes act on. */
export type Systems = Readonly<Record<SystemName, Database>>;

/** What every process of a schedule has in common. */
export interface Deployment extends Omit<ChangeParts, 'process'> {
  readonly scenario: Scenario;
  readonly engine: EngineCode;
  readonly wire: Wire;
  readonly systems: Systems;
  readonly defects: Defects;
}

type StartParts = Parameters<EngineCode['start']>[1];

/** The engine in one process. */
export interface Instance {
  readonly context: EngineContext;
  readonly parts: StartParts;
  /** Shuts it down, as `close()` of an engine does. */
  readonly close: () => void;
}

const KEY = { service: 'orders', environment: 'production', tenant: '' } as const;

/** How long the store may take to answer, in milliseconds: the default of the options. */
const STORE_TIMEOUT_MS = 10_000;

/** How long what is told to stop is waited for, in milliseconds. */
const GRACE_MS = 5000;

/** Makes the engine in a process. */
export function instanceIn(deployment: Deployment, process: SimulatedProcess, role: Role): Instance {
  const { engine, scenario, systems, judge } = deployment;
  judge.deployed(process.name, role);
  const storeParts = clientOf(deployment, process, systems.shared);
  const store = simulatedStore(storeParts);
  const targets: Record<SystemName, Target> = {
    shared: transactionalTarget(storeParts),
    separate: transactionalTarget(clientOf(deployment, process, systems.separate)),
    plain: plainTarget(clientOf(deployment, process, systems.plain), false),
    watched: plainTarget(clientOf(deployment, process, systems.watched), true),
  };
  const [closing, aborting] = [new AbortController(), new AbortController()];
  const redactor = new engine.Redactor([]);
  const context: EngineContext = {
    key: KEY,
    store,
    access: new engine.StoreAccess(store, STORE_TIMEOUT_MS, redactor, process.time),
    targets,
    instance: { instanceId: process.name, host: process.name, processId: 1 },
    listedEnvironments: [],
    disposable: true,
    outOfOrder: role.outOfOrder,
    lease: { leaseMs: scenario.leaseMs, renewMs: scenario.leaseMs / 3, waitMs: scenario.waitMs },
    limits: { runDeadlineMs: scenario.runDeadlineMs, abortGraceMs: GRACE_MS },
    time: process.time,
    logger: silentLogger,
    redactor,
    emit: () => undefined,
    closing: closing.signal,
    aborting: aborting.signal,
    inside: new Untracked(),
  };
  const problems: FlamingockError[] = [];
  const declared = scenario.changes
    .map((plan, index) => simulatedChange(plan, index, role.release, { ...deployment, process }))
    .filter(({ id }) => role.release.declares.includes(id));
  const changes = engine.assignTargets(declared, targets, KEY.environment, problems);
  throwProblems(problems);
  const bind: StartParts['bind'] = async (pending) => {
    const found: FlamingockError[] = [];
    const sources = { dependencies: [], container: undefined, effectFree: [], redact: String };
    const bound = await engine.bindChanges(pending, targets, store, sources, found);
    throwProblems(found);
    return bound;
  };
  const declaration = engine.declarationOf(changes, targets);
  const close = (): void => {
    closing.abort();
    process.time.after(GRACE_MS, () => {
      aborting.abort();
    });
  };
  return { context, close, parts: { mode: role.mode, by: role.by, declaration, changes, bind } };
}

/** No change calls its own engine here, and what would notice it costs more than everything else. */
class Untracked extends InsideChange {
  override during<T>(_change: string, method: () => Promise<T>): Promise<T> {
    return method();
  }
}

function clientOf({ wire, defects }: Deployment, process: SimulatedProcess, database: Database): ClientParts {
  return { wire, process, database, driver: {}, defects };
}
