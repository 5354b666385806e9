import type { MysqlCredentials } from './mysql-client.js';

/** A shorter one is part of too many words that are no secret. */
const SHORTEST = 8;

/**
 * The password of a pool or a connection. One that is also the name of the user or the database, as on the machines of
 * developers, does not count: to take it out of every message would make them unreadable.
 */
export function mysqlSecrets({ user, database, password }: MysqlCredentials): readonly string[] {
  const counts =
    typeof password === 'string' && password.length >= SHORTEST && password !== user && password !== database;
  return counts ? [password] : [];
}
