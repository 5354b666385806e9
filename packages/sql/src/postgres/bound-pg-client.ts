import type { StatementWatch } from '../target/statement-watch.js';
import type { PgClient } from './pg-client.js';

type Callback = (error: unknown, result?: unknown) => void;

/**
 * The client of one transactional change: inherits everything from the client that the transaction is open on, shows
 * each statement to the watch, and is not the change's to end or to give back.
 */
export function boundPgClient(client: PgClient, watch: StatementWatch): PgClient {
  const query = client.query.bind(client) as (...parts: unknown[]) => unknown;
  const bound = Object.create(client) as PgClient;
  return Object.assign(bound, {
    query(...parts: unknown[]): unknown {
      if (isSubmittable(parts[0])) {
        // A cursor or a stream is its own answer; nobody can tell here when it has ended.
        watch.letPass(textOf(parts[0]));
        return query(...parts);
      }
      const callback = parts.findLast((part) => typeof part === 'function') as Callback | undefined;
      const statement = parts.filter((part) => part !== callback);
      const answer = watch.run(textOf(parts[0]), () => query(...statement) as Promise<unknown>);
      if (callback === undefined) return answer;
      answer.then(
        (result) => {
          callback(null, result);
        },
        (error: unknown) => {
          callback(error);
        },
      );
      return undefined;
    },
    release: notYours,
    end: notYours,
    connect: notYours,
  });
}

function isSubmittable(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'submit' in part && typeof part.submit === 'function';
}

function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { text } = (part ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : '';
}

function notYours(): never {
  throw new TypeError(
    'The client belongs to the transaction of the change: it is neither ended nor given back by it.',
  );
}
