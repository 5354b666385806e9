import type { HashedEntry } from '@flamingock/core/desk';
import type { Colours } from '../../terminal/output.js';
import { errorLine } from '../../terminal/recorded-error-text.js';
import { table } from '../../terminal/table.js';
import { moment } from '../../terminal/time-text.js';
import { actorOf } from './entry-filter.js';

/** An entry as a program is told of it: with readable times beside those that were hashed. */
export function toldEntry(entry: HashedEntry): object {
  return { ...entry, time: moment(entry.at) };
}

/** A row for each entry. */
export function entryRows(entries: readonly HashedEntry[], colours: Colours): string {
  return table(
    entries.map((entry) => [
      String(entry.sequence),
      moment(entry.at),
      entry.kind,
      'changeId' in entry ? entry.changeId : '',
      'targetSystem' in entry ? entry.targetSystem : '',
      'state' in entry ? coloured(entry.state, colours) : 'found' in entry ? entry.found : '',
      'proof' in entry && entry.proof !== 'none' ? entry.proof : '',
      `${entry.host}:${entry.processId}`,
      actorOf(entry) ?? '',
    ]),
    ['#', 'time', 'kind', 'change', 'target', 'state', 'proof', 'process', 'actor'],
  );
}

/** Everything that one entry holds. */
export function entryScreen(entry: HashedEntry, { dim }: Colours): string {
  const { at, error, ...rest } = { error: undefined, ...entry };
  const rows = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [dim(name), shown(name, value)]);
  return table([
    [dim('time'), moment(at)],
    ...rows,
    ...(error === undefined ? [] : [[dim('error'), errorLine(error)]]),
  ]);
}

function shown(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('At')) return moment(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function coloured(state: string, { green, red, yellow }: Colours): string {
  if (state === 'APPLIED' || state === 'MANUALLY_APPLIED') return green(state);
  return state === 'FAILED' || state === 'ROLLBACK_FAILED' ? red(state) : yellow(state);
}
