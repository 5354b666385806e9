import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeContext } from '../src/change/change-context.js';
import type { Change } from '../src/change/change.js';
import type { ChangeEntry, StoredEntry } from '../src/ledger/entry.js';
import { unseal } from '../src/ledger/seal.js';
import { MemoryDatabase } from '../src/memory/memory-database.js';
import { memoryAuditStore } from '../src/memory/memory-store.js';
import { MemoryValues } from '../src/memory/memory-target.js';
import { changeOf } from './change-of.js';
import { plainChange, plainTarget } from './faults.js';
import { asking, instance, type Instance, type InstanceParts, KEY, storyOf } from './instance.js';

type Apply = (context: ChangeContext, effects: string[]) => unknown;

/** A change without a transaction that gets the context. */
export function plain(apply: Apply, parts: Partial<Change> = {}): Change {
  return plainChange(() => undefined, {
    apply: asking<[string[]]>([Array], ([effects], context) => apply(context, effects)),
    ...parts,
  });
}

/** A transactional change that gets the context. */
export function transactional(
  apply: (context: ChangeContext, values: MemoryValues) => unknown,
  parts: Partial<Change> = {},
): Change {
  return changeOf('_0001__a', {
    apply: asking<[MemoryValues]>([MemoryValues], ([values], context) => apply(context, values)),
    ...parts,
  });
}

/** Synchronous code that leaves the event loop no turn. */
export function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Stops as soon as it is told to, as `fetch` and timers do that are given the signal. */
export function untilStopped({ signal }: ChangeContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

export interface Played {
  readonly error: unknown;
  readonly story: readonly string[];
  readonly last: ChangeEntry | undefined;
  readonly one: Instance;
  readonly ledger: MemoryDatabase;
}

/** Starts one instance and tells how it ended. */
export async function play(
  change: Change,
  {
    ledger = new MemoryDatabase(),
    ...parts
  }: Partial<InstanceParts> & { readonly ledger?: MemoryDatabase } = {},
  during: (one: Instance) => unknown = () => undefined,
): Promise<Played> {
  const targets = parts.targets ?? { system: plainTarget([]) };
  const one = instance({
    store: memoryAuditStore(ledger),
    changes: [change],
    abortGraceMs: 50,
    ...parts,
    targets,
  });
  const ended = one.start().then(
    () => undefined,
    (error: unknown) => error,
  );
  await during(one);
  const error = await ended;
  const { entries } = await memoryAuditStore(ledger).read(KEY, 0);
  return { error, story: await storyOf(ledger), last: lastOf(entries), one, ledger };
}

/** Resolves when the first change of an instance is being called, or about to be. */
export async function untilBegun({ events }: Instance): Promise<void> {
  while (!events.some(({ type }) => type === 'change-started')) await sleep(2);
  // As far as a change in memory needs to be reached.
  await sleep(50);
}

/** The names of the events of an instance, in order. */
export const kinds = ({ events }: Instance): readonly string[] => events.map(({ type }) => type);

function lastOf(entries: readonly StoredEntry[]): ChangeEntry | undefined {
  return entries.map(unseal).findLast((entry): entry is ChangeEntry => entry.kind !== 'run');
}
