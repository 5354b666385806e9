import type { EntryState } from '@flamingock/core';
import type { HashedEntry } from '@flamingock/core/desk';
import { notKnown, usage } from '../../frame/usage.js';
import { parseMoment } from '../../terminal/time-text.js';

/** What an entry can say of a change; complete, because a mistyped one would find nothing, as if there were none. */
const STATES: Readonly<Record<EntryState, true>> = {
  STARTED: true,
  APPLIED: true,
  FAILED: true,
  ROLLED_BACK: true,
  ROLLBACK_FAILED: true,
  UNDONE: true,
  SKIPPED: true,
  MANUALLY_APPLIED: true,
  MANUALLY_ROLLED_BACK: true,
};

/** Which entries are meant. */
export interface FilterOptions {
  readonly change?: string;
  readonly target?: string;
  readonly state?: string;
  readonly since?: string;
  readonly before?: string;
  readonly instance?: string;
  readonly execution?: string;
  readonly actor?: string;
}

/** Tells whether an entry is meant: by everything that was said. Throws `FLG_USAGE` for a time or a state that is none. */
export function entryFilter(options: FilterOptions): (entry: HashedEntry) => boolean {
  const { change, target, instance, execution, actor } = options;
  const state = stateOf(options.state);
  const since = timeOf('since', options.since);
  const before = timeOf('before', options.before);
  const says = (entry: HashedEntry, name: string, wanted: string | undefined): boolean =>
    wanted === undefined || new Map<string, unknown>(Object.entries(entry)).get(name) === wanted;
  return (entry) =>
    says(entry, 'changeId', change) &&
    says(entry, 'targetSystem', target) &&
    says(entry, 'state', state) &&
    says(entry, 'instanceId', instance) &&
    says(entry, 'executionId', execution) &&
    (actor === undefined || actorOf(entry) === actor) &&
    (since === undefined || entry.at >= since) &&
    (before === undefined || entry.at < before);
}

/** The person behind an entry: also behind a lock that was taken away, which stands in the metadata of a run. */
export function actorOf(entry: HashedEntry): string | undefined {
  const actor = 'actor' in entry ? entry.actor : entry.metadata?.['actor'];
  return typeof actor === 'string' ? actor : undefined;
}

function stateOf(text: string | undefined): string | undefined {
  const state = text?.toUpperCase();
  if (state === undefined || Object.hasOwn(STATES, state)) return state;
  throw notKnown('state', state, Object.keys(STATES));
}

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = parseMoment(text);
  if (at !== undefined) return at;
  throw usage(`--${option} says '${text}', which is no time.`, 'Write 2026-01-31, or 2026-01-31T03:00:00Z.');
}
