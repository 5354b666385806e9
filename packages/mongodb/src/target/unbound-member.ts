import { FlamingockError } from '@flamingock/core/spi';
import { serverCode } from '../errors.js';

/** Part of the message: of a change that failed, the report shows no hint. */
const WAY_OUT =
  "say transactional: false for the change, or do it outside of the change, with the application's own MongoClient";

/** What would leave the transaction of a change, or what MongoDB refuses in one. */
export function unboundMember(name: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNBOUND',
    message: `${name} has no form that belongs to the transaction of the change: ${WAY_OUT}.`,
    hint: 'Without a transaction, give the change a verify, so that an interrupted one can be judged.',
  });
}

/** The error of a change as it is; where the server refused an operation because of the transaction, with the way out. */
export function refusedInTransaction(error: unknown): unknown {
  // OperationNotSupportedInTransaction
  if (serverCode(error) !== 263) return error;
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNBOUND',
    message: `MongoDB refuses an operation of the change in a transaction; ${WAY_OUT}`,
    hint: 'Without a transaction, give the change a verify, so that an interrupted one can be judged.',
    cause: error,
  });
}
