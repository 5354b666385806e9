import type { LedgerContent, LockRecord, StoredEntry } from '@flamingock/core/spi';
import type { Row } from '../driver/connection.js';
import { commitsNothing, standsStill } from '../driver/unfit-connection.js';
import { assertSchemaVersion } from './schema-version.js';

/**
 * What the rows of the one reading statement mean. Throws `FLG_STORE_VERSION`, and `FLG_OPTION_INVALID` where no ledger
 * can be kept in the session.
 */
export function contentOf(rows: readonly Row[]): LedgerContent {
  const ofPart = (part: number): readonly Row[] => rows.filter((row) => integer(row, 'part') === part);
  const [[schema], [lock], entries] = [ofPart(0), ofPart(1), ofPart(2)];
  assertFit(integer(schema, 'number_5'));
  if (schema?.['number_1'] === null) return notInitialised(integer(schema, 'number_2'));
  assertSchemaVersion(integer(schema, 'number_1'));
  return {
    initialised: true,
    entries: entries.map(entryOf).sort((one, other) => one.sequence - other.sequence),
    preceding: integer(schema, 'number_4'),
    lock: lockOf(lock),
    highestSequence: lock === undefined ? 0 : integer(lock, 'number_4'),
    now: integer(schema, 'number_2'),
    complete: integer(schema, 'number_3') === 1,
  };
}

function assertFit(unfit: number): void {
  if (unfit === 1) throw commitsNothing();
  if (unfit === 2) throw standsStill();
}

/** What is read while there are no tables, or before the version was written, which comes last. */
export function notInitialised(now: number): LedgerContent {
  return { initialised: false, entries: [], preceding: 0, lock: undefined, highestSequence: 0, now };
}

/** A whole number, whether the driver gives it as a number, as a bigint or as text. */
export function integer(row: Row | undefined, column: string): number {
  return Number(row?.[column]);
}

/** A text, or `undefined` for null. */
export function text(row: Row | undefined, column: string): string | undefined {
  const value = row?.[column];
  return typeof value === 'string' ? value : undefined;
}

function entryOf(row: Row): StoredEntry {
  return {
    sequence: integer(row, 'number_1'),
    text: text(row, 'text_1') ?? '',
    hash: text(row, 'text_2') ?? '',
  };
}

/** The row stays after a release, without an owner. */
function lockOf(row: Row | undefined): LockRecord | undefined {
  const owner = text(row, 'text_1');
  if (owner === undefined) return undefined;
  return {
    owner,
    host: text(row, 'text_2') ?? '',
    processId: integer(row, 'number_1'),
    acquiredAt: integer(row, 'number_2'),
    expiresAt: integer(row, 'number_3'),
    leaseMs: integer(row, 'number_5'),
  };
}
