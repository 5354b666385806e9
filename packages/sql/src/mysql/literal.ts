import { FlamingockError } from '@flamingock/core/spi';
import type { Statement } from '../driver/connection.js';

/** The longest id, in bytes of UTF-8: four of them make up the longest key, and InnoDB takes 3072 bytes. */
export const LONGEST_ID = 764;

/** The session's `sql_mode` and character set mean nothing to what is written with these characters alone. */
const PLAIN = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;

/**
 * A statement with its values in the text, in the place of `$1`, `$2` and so on: nothing of them is escaped by the
 * driver, which does not know the `sql_mode`, or converted, whatever character set the connection has.
 */
export function inlined(sql: string, parameters: readonly (string | number | null)[]): Statement {
  const filled = sql.replace(/\$(\d+)/g, (_, number: string) =>
    literal(parameters[Number(number) - 1] ?? null),
  );
  return { sql: filled, parameters: [] };
}

function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  return PLAIN.test(value) ? `'${value}'` : `_utf8mb4 X'${Buffer.from(value, 'utf8').toString('hex')}'`;
}

/** An id that is part of a key. Throws `FLG_OPTION_INVALID` for one that is too long: the server might cut it off. */
export function fitting(id: string): string {
  if (Buffer.byteLength(id, 'utf8') <= LONGEST_ID) return id;
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `An id of more than ${LONGEST_ID} bytes cannot be kept by MySQL or MariaDB: ${id.slice(0, 60)}…`,
    hint: 'Give the service, the environment, the tenant or the change a shorter one.',
  });
}
