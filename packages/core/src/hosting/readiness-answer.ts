import type { Readiness } from '../flamingock.js';
import type { HttpAnswer } from './http-answer.js';

/** One engine in the body of a probe. */
export type HealthEntry = { readonly status: 'up' | 'degraded' | 'down' } & Omit<Readiness, 'ready'>;

/** The body of a readiness probe, in the shape of Terminus, so that every framework answers alike. */
export interface HealthBody {
  readonly status: 'ok' | 'degraded' | 'error' | 'shutting_down';
  /** What is ready. */
  readonly info: Readonly<Record<string, HealthEntry>>;
  /** What is not. */
  readonly error: Readonly<Record<string, HealthEntry>>;
  readonly details: Readonly<Record<string, HealthEntry>>;
}

/**
 * What a readiness probe is answered: 200 where all engines are ready, 503 otherwise. Made of memory, never of the audit
 * store, and free of secrets.
 *
 * @param engines what `readiness()` of each engine said, by the name under which it appears in the body
 *
 * @example
 * const { statusCode, headers, body } = readinessAnswer({ flamingock: flamingock.readiness() });
 */
export function readinessAnswer(engines: Readonly<Record<string, Readiness>>): HttpAnswer<HealthBody> {
  const details = Object.entries(engines).map(([name, readiness]) => [name, entryOf(readiness)] as const);
  const up = details.filter(([, { status }]) => status !== 'down');
  const down = details.filter(([, { status }]) => status === 'down');
  return {
    statusCode: down.length === 0 ? 200 : 503,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: {
      status: statusOf(details.map(([, entry]) => entry)),
      info: Object.fromEntries(up),
      error: Object.fromEntries(down),
      details: Object.fromEntries(details),
    },
  };
}

function entryOf({ ready, ...readiness }: Readiness): HealthEntry {
  if (!ready) return { status: 'down', ...readiness };
  return { status: readiness.state === 'degraded' ? 'degraded' : 'up', ...readiness };
}

function statusOf(entries: readonly HealthEntry[]): HealthBody['status'] {
  const down = entries.filter(({ status }) => status === 'down');
  if (down.length > 0) return down.every(({ state }) => state === 'closed') ? 'shutting_down' : 'error';
  return entries.some(({ status }) => status === 'degraded') ? 'degraded' : 'ok';
}
