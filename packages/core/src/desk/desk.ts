import type { EngineContext } from '../engine/context.js';
import { issuesOf } from '../engine/issues.js';
import { historyOf, type LedgerHistory } from '../engine/ledger-history.js';
import { resolveIssue } from '../engine/resolve.js';
import { readingOf } from '../engine/sequence.js';
import { isFlamingockError } from '../errors.js';
import type { LedgerHead } from '../ledger/chain.js';
import type { LedgerKey } from '../ledger/entry.js';
import { viewOf } from '../ledger/ledger-view.js';
import type { Issue, Resolution } from '../operations.js';
import type { AssignedChange } from '../plan/assign-target.js';
import type { Target } from '../target/target.js';
import { leavingError } from '../report/leaving-error.js';
import { type Declared, declaredAt, deskContext, type DeskOptions } from './desk-context.js';
import { type DeskStatus, statusOf } from './desk-status.js';
import { factsOf, type LedgerFacts } from './ledger-facts.js';
import { type LockRelease, type LockReleaseOptions, releaseLock } from './release-lock.js';
import { type TargetFacts, targetFacts } from './target-facts.js';
import { withRecorded } from './recorded-change.js';

/** What people do with an audit store alone, while the application is down or cannot even be built. */
export interface Desk {
  readonly key: LedgerKey;
  /** Where the service stands. Sends one read. */
  status(): Promise<DeskStatus>;
  /** Everything that was recorded, and whether somebody has tampered with it. */
  history(anchor?: LedgerHead): Promise<LedgerHistory>;
  /** Changes whose outcome a person has to tell, in order: also those that only the ledger knows. Sends one read. */
  issues(): Promise<readonly Issue[]>;
  /** As `resolve` of the engine. */
  resolve(changeId: string, resolution: Resolution): Promise<void>;
  /** As {@link releaseLock}. */
  releaseLock(options: LockReleaseOptions): Promise<LockRelease>;
  /** Target systems, held against the ledger. Claims nothing. */
  targets(targets: Readonly<Record<string, Target>>): Promise<readonly TargetFacts[]>;
  /** Every ledger of the store, whichever service, environment and tenant it is of. Sends one read for each. */
  ledgers(): Promise<readonly LedgerFacts[]>;
}

/**
 * Opens the desk over an audit store. Nothing is read before it is asked.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * const desk = openDesk({ service: 'orders', environment: 'production', auditStore });
 * for (const { changeId, missingProof } of await desk.issues()) console.log(changeId, missingProof);
 */
export function openDesk(options: DeskOptions): Desk {
  const engine = deskContext(options);
  let declaring: Promise<Declared> | undefined;
  const declared = (): Promise<Declared> => (declaring ??= declaredAt(engine, options));
  const known = async (): Promise<Known> => knownChanges(engine, (await declared()).changes ?? []);
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw isFlamingockError(error) ? leavingError(error, engine.redactor) : error;
    }
  };
  return {
    key: engine.key,
    status: () =>
      answer(async () => statusOf(engine, await declared(), await engine.access.read(engine.key))),
    history: (anchor) => answer(() => historyOf(engine, anchor)),
    issues: () =>
      answer(async () => {
        const { changes, reading, isDeclared } = await known();
        return issuesOf(readingOf(engine, changes, reading), undefined, isDeclared);
      }),
    resolve: (changeId, resolution) =>
      answer(async () => resolveIssue(engine, (await known()).changes, changeId, resolution)),
    releaseLock: (release) => answer(() => releaseLock(engine, release)),
    targets: (targets) => answer(() => targetFacts(engine, targets)),
    ledgers: () => answer(() => allLedgers(engine)),
  };
}

interface Known {
  readonly changes: readonly AssignedChange[];
  readonly reading: ReturnType<typeof viewOf>;
  readonly isDeclared: (changeId: string) => boolean;
}

/** What is declared, and what only the ledger knows: it can be an issue as well. */
async function knownChanges(engine: EngineContext, declared: readonly AssignedChange[]): Promise<Known> {
  const reading = viewOf(await engine.access.read(engine.key));
  const ids = new Set(declared.map(({ id }) => id));
  return {
    changes: withRecorded(declared, reading.state),
    reading,
    isDeclared: (changeId) => ids.has(changeId),
  };
}

async function allLedgers({ access }: EngineContext): Promise<readonly LedgerFacts[]> {
  const facts: LedgerFacts[] = [];
  const keys = [...(await access.ledgers())].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  for (const key of keys) facts.push(factsOf(key, await access.read(key)));
  return facts;
}

function placeOf({ service, tenant, environment }: LedgerKey): string {
  return [service, tenant, environment].join('\0');
}
