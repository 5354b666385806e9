import type { Statement } from '../driver/connection.js';

/**
 * A statement with its values in the text. Several statements can share a message, and so a round trip, only without
 * placeholders.
 */
export function inlined({ sql, parameters }: Statement): string {
  return sql.replace(/\$(\d+)/g, (_, number: string) => literal(parameters[Number(number) - 1] ?? null));
}

/** A value as it is written in SQL. Throws for a text with NUL, which PostgreSQL cannot keep. */
function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (value.includes('\0')) throw new TypeError('PostgreSQL keeps no text with NUL.');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  // In the form E'…' backslashes mean the same whatever standard_conforming_strings says.
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
