import { type ErrorCode, FlamingockError } from '@flamingock/core/spi';
import type { Row, SqlConnection } from '../driver/connection.js';
import { text } from '../store/content.js';
import type { Purpose, TableDialect } from './dialect.js';

const CODES = {
  audit: 'FLG_STORE_PERMISSION',
  checkpoint: 'FLG_STORE_PERMISSION',
  fence: 'FLG_TARGET_PERMISSION',
} as const satisfies Record<Purpose['tables'], ErrorCode>;

const WHOSE: Record<Purpose['tables'], string> = {
  audit: 'the tables of the audit store',
  checkpoint: 'the checkpoints of long changes',
  fence: 'the fence of the target system',
};

/** What a role lacks, and the statements that grant it: everything that the purpose needs, and not only the first. */
export async function missingRight(
  connection: SqlConnection,
  dialect: TableDialect,
  purpose: Purpose,
): Promise<FlamingockError> {
  const rows = await lookUp(connection, dialect, purpose);
  const lacks = rows.flatMap((row) => text(row, 'what') ?? []);
  const remedies = rows.flatMap((row) => text(row, 'remedy') ?? []);
  const role = text(rows[0], 'role');
  const who = role === undefined ? 'The role of the connection' : `The role "${role}"`;
  return new FlamingockError({
    code: CODES[purpose.tables],
    message: `${who} may not ${wanted(purpose)}${lacks.length === 0 ? '' : `: it lacks ${lacks.join(', ')}`}.`,
    hint:
      remedies.length === 0
        ? `Look for a policy, a trigger or a SET ROLE that takes the right away on ${dialect.names.shown(purpose.tables === 'audit' ? 'ledger' : purpose.tables)}.`
        : `Have this executed by somebody who may, then start again:\n\n${remedies.map((remedy) => `${remedy};\n`).join('')}`,
  });
}

function wanted({ tables, action }: Purpose): string {
  return action === 'end'
    ? 'end the connection of another process that keeps the run waiting'
    : `${action} ${WHOSE[tables]}`;
}

/** Nobody may write here at the moment. */
export function readOnly({ tables }: Purpose): FlamingockError {
  return new FlamingockError({
    code: CODES[tables],
    message: `The database with ${WHOSE[tables]} can only be read.`,
    hint: 'Connect to the primary server, with transactions that may write; open a file for writing, and let the process write it and its folder.',
  });
}

async function lookUp(
  connection: SqlConnection,
  { statements }: TableDialect,
  purpose: Purpose,
): Promise<readonly Row[]> {
  // In the transaction that the refusal has aborted nothing can be asked.
  if (statements.missingRights === undefined || connection.inTransaction) return [];
  return connection.send(statements.missingRights(purpose)).catch(() => []);
}
