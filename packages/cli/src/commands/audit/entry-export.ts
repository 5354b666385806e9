import type { HashedEntry } from '@flamingock/core/desk';
import { moment } from '../../terminal/time-text.js';

export type ExportFormat = 'ndjson' | 'json' | 'csv';

/** The columns of a table; an entry holds more, and NDJSON holds all. */
const COLUMNS = [
  ...['sequence', 'time', 'kind', 'changeId', 'order', 'name', 'author', 'state', 'proof', 'targetSystem'],
  ...[
    'targetIdentity',
    'strategy',
    'attempt',
    'durationMs',
    'executionId',
    'instanceId',
    'host',
    'processId',
  ],
  ...['applicationVersion', 'actor', 'reason', 'errorName', 'errorMessage', 'source', 'hash'],
];

/** Entries as a text for other tools. */
export function exported(entries: readonly HashedEntry[], format: ExportFormat): string {
  switch (format) {
    case 'ndjson':
      return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    case 'json':
      return `${JSON.stringify(entries, undefined, 2)}\n`;
    case 'csv':
      return [COLUMNS, ...entries.map(row)].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
  }
}

function row(entry: HashedEntry): readonly string[] {
  const error = 'error' in entry ? entry.error : undefined;
  const values: Readonly<Record<string, unknown>> = {
    ...entry.metadata,
    ...entry,
    time: moment(entry.at),
    errorName: error?.name,
    errorMessage: error?.message,
  };
  return COLUMNS.map((column) => text(values[column]));
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A spreadsheet takes a cell that begins with one of these for a formula, and people write the reasons. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
