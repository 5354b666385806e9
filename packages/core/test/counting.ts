import type { Change } from '../src/change/change.js';
import { MemoryDatabase } from '../src/memory/memory-database.js';
import { memoryAuditStore } from '../src/memory/memory-store.js';
import { memoryTarget, MemoryValues } from '../src/memory/memory-target.js';
import type { UndoOptions, UndoReport } from '../src/operations.js';
import type { Target } from '../src/target/target.js';
import { undo } from '../src/engine/undo.js';
import { changeOf } from './change-of.js';
import { asking, type Instance, type InstanceParts } from './instance.js';

/** Counts what is there: applied once, 1; undone, 0. */
export function counting(name: string, parts: Partial<Change> = {}): Change {
  const add = (by: number): Change['apply'] =>
    asking<[MemoryValues]>([MemoryValues], ([values]) => {
      values.set(name, Number(values.get(name) ?? 0) + by);
    });
  return changeOf(name, { apply: add(1), rollback: add(-1), ...parts });
}

/** Where changes count. */
export interface World {
  readonly ledger: MemoryDatabase;
  readonly values: MemoryDatabase;
  readonly parts: InstanceParts;
}

/** One ledger and one target on the same or another database, or a system without transactions. */
export function world(kind: 'shared' | 'separate' | 'plain', changes: readonly Change[]): World {
  const ledger = new MemoryDatabase();
  const values = kind === 'shared' ? ledger : new MemoryDatabase();
  const { transactions: _none, ...plain } = memoryTarget(values);
  const db: Target = kind === 'plain' ? plain : memoryTarget(values);
  return {
    ledger,
    values,
    parts: { store: memoryAuditStore(ledger), targets: { db }, changes },
  };
}

/** A person undoes the last change, or what is said. */
export function undoing(
  { engine, parts }: Instance,
  what: Partial<UndoOptions> = { last: true },
): Promise<UndoReport> {
  return undo(engine, parts, { actor: 'ops', reason: 'wrong release', ...what });
}
