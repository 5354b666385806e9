import { type Token, tokenKey } from '@flamingock/core/spi';
import type { StatementWatch } from '../target/statement-watch.js';
import type { MysqlClient } from './mysql-client.js';

type Callback = (error: unknown, result?: unknown, fields?: unknown) => void;
type Send = (...parts: readonly unknown[]) => unknown;

/** What a change is not given: the transaction, and the connection itself, are not its own. */
const NOT_YOURS = ['release', 'end', 'destroy', 'close', 'changeUser', 'reset', 'connect'] as const;

/** The two interfaces of mysql2. */
type MysqlInterface = 'callbacks' | 'promises';

/** Which interface a change asks for by a class of connections; `undefined` for any other token. */
export function mysqlInterfaceOf(token: Token): MysqlInterface | undefined {
  const key = tokenKey(token);
  if (typeof key !== 'function') return undefined;
  const methods = (key.prototype ?? {}) as Readonly<Record<string, unknown>>;
  const isConnection = ['query', 'execute', 'beginTransaction', 'changeUser'].every(
    (name) => typeof methods[name] === 'function',
  );
  if (!isConnection) return undefined;
  return typeof methods['addCommand'] === 'function' ? 'callbacks' : 'promises';
}

/**
 * The connection of one transactional change: inherits everything from the one that the transaction is open on, and
 * shows each statement to the watch.
 */
export function boundMysqlClient(client: MysqlClient, watch: StatementWatch): object {
  const bound = Object.create(client) as Record<string, unknown>;
  for (const name of ['query', 'execute'] as const)
    bound[name] = watched(watch, (Reflect.get(client, name) as Send).bind(client), ([text]) => textOf(text));
  bound['prepare'] = preparing(watch, (Reflect.get(client, 'prepare') as Send).bind(client));
  for (const name of NOT_YOURS) bound[name] = notYours;
  return bound;
}

/** The same with promises: whatever the driver does with them it does on the connection below, `commit()` as well. */
export function boundMysqlPromises(client: MysqlClient, watch: StatementWatch): object {
  const promises = (client as MysqlClient & { promise(): object }).promise();
  const bound = Object.create(promises) as Record<string, unknown>;
  bound['connection'] = boundMysqlClient(client, watch);
  for (const name of NOT_YOURS) bound[name] = notYours;
  return bound;
}

function watched(watch: StatementWatch, send: Send, sqlOf: (parts: readonly unknown[]) => string): Send {
  return (...parts) => {
    const callback = parts.at(-1);
    if (typeof callback !== 'function') {
      // Read row by row; nobody can tell here when it has ended.
      watch.letPass(sqlOf(parts));
      return send(...parts);
    }
    const use = callback as Callback;
    let fields: unknown;
    const answer = watch.run(
      sqlOf(parts),
      () =>
        new Promise((resolve, reject) => {
          send(...parts.slice(0, -1), (error: Error | null, result: unknown, described: unknown) => {
            fields = described;
            if (error === null) resolve(result);
            else reject(error);
          });
        }),
    );
    answer.then(
      (result) => {
        use(null, result, fields);
      },
      (error: unknown) => {
        use(error);
      },
    );
    return undefined;
  };
}

/** Preparing a statement changes nothing; executing it does. */
function preparing(watch: StatementWatch, send: Send): Send {
  return (text, callback) => {
    watch.assertOpen();
    return send(text, (error: Error | null, statement: object | undefined) => {
      if (typeof callback !== 'function') return;
      const use = callback as Callback;
      if (error !== null || statement === undefined) use(error);
      else use(null, boundStatement(statement, watch, textOf(text)));
    });
  };
}

function boundStatement(statement: object, watch: StatementWatch, sql: string): object {
  const bound = Object.create(statement) as Record<string, unknown>;
  bound['execute'] = watched(watch, (Reflect.get(statement, 'execute') as Send).bind(statement), () => sql);
  return bound;
}

function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { sql } = (part ?? {}) as { readonly sql?: unknown };
  return typeof sql === 'string' ? sql : '';
}

function notYours(): never {
  throw new TypeError(
    'The connection belongs to the transaction of the change: it is neither ended nor given back by it.',
  );
}
