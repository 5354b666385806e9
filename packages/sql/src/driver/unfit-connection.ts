import { FlamingockError } from '@flamingock/core/spi';

/** What the engine writes would be part of that transaction; nothing of it was written. */
export function transactionOfApplication(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_SHARED_CONNECTION',
    message: 'A transaction of the application is open on the connection that the engine was given.',
    hint: 'End every transaction before its connection goes back to the pool, or give the engine a pool or a connection of its own.',
  });
}

/** What the engine writes would stay uncommitted; nothing of it was written. */
export function commitsNothing(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message:
      'The audit store was given a connection with autocommit = 0, on which nothing is committed by itself.',
    hint: 'Give the audit store a pool, or a connection, that leaves autocommit at 1.',
  });
}

/** Leases would never expire, and entries would have the time of a moment that is over. */
export function standsStill(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message:
      'The audit store was given a connection whose variable timestamp is fixed, so that its clock stands still.',
    hint: 'Give the audit store a pool, or a connection, on which nobody has said SET timestamp.',
  });
}
