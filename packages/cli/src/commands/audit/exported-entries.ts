import { readFile } from 'node:fs/promises';
import type { HashedEntry } from '@flamingock/core/desk';
import { usage } from '../../frame/usage.js';

/** The entries of an earlier `audit export`, as NDJSON or JSON. Throws `FLG_USAGE` for any other file. */
export async function exportedEntries(file: string): Promise<readonly HashedEntry[]> {
  const unusable = (why: string): Error =>
    usage(`The export ${file} ${why}.`, 'Name a file of `flamingock audit export`, as ndjson or json.');
  const text = await readFile(file, 'utf8').catch(() => {
    throw unusable('cannot be read');
  });
  // Shells of Windows begin a file with a byte order mark, which this takes away, too.
  const parsed = parse(text.trim());
  if (parsed === undefined || parsed.length === 0) throw unusable('holds no entries');
  return parsed;
}

function parse(text: string): readonly HashedEntry[] | undefined {
  try {
    const values = text.startsWith('[')
      ? (JSON.parse(text) as unknown[])
      : text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => JSON.parse(line) as unknown);
    return values.every(isEntry) ? values : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is HashedEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sequence' in value &&
    typeof value.sequence === 'number' &&
    'hash' in value &&
    typeof value.hash === 'string' &&
    'kind' in value &&
    typeof value.kind === 'string'
  );
}
