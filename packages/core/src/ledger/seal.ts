import { createHash } from 'node:crypto';
import { FlamingockError } from '../errors.js';
import type { LedgerEntry, SealedEntry, StoredEntry } from './entry.js';

/**
 * Turns an entry into the exact text that is hashed and stored: JSON with sorted keys and no white space. The
 * hash is SHA-256 over that text, which itself holds the hash of the entry before.
 */
export function seal(entry: LedgerEntry): SealedEntry {
  const text = canonicalJson(entry);
  return { entry, sequence: entry.sequence, text, hash: hashOf(text) };
}

/** Tells whether the text of a stored entry can be read at all. */
export function isReadable(stored: StoredEntry): boolean {
  try {
    unseal(stored);
    return true;
  } catch {
    return false;
  }
}

/** Reads a stored entry back. Throws `FLG_LEDGER_UNREADABLE` where its text is no entry any more. */
export function unseal(stored: StoredEntry): LedgerEntry {
  try {
    return JSON.parse(stored.text) as LedgerEntry;
  } catch {
    throw new FlamingockError({
      code: 'FLG_LEDGER_UNREADABLE',
      message: `Entry ${stored.sequence} of the ledger is not what was written: its text cannot be read. Nothing was executed.`,
      hint: 'Restore the entry, or the audit store, from a backup; the ledger is never edited by hand.',
    });
  }
}

/** The hash of a canonical text, in lower-case hexadecimal. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(storable(value));
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(storable(name))}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** NUL and lone surrogates cannot be stored by every database, so they must not be part of what is hashed. */
function storable(text: string): string {
  return text
    .replace(/\u0000/g, '')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '');
}
