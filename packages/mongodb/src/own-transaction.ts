import type { ClientSession } from 'mongodb';
import { DURABLE_TRANSACTION } from './collections.js';
import type { GivenDatabase } from './given-database.js';

/**
 * Sends one statement of the engine's in a transaction of its own. What the open transaction of a change holds then conflicts
 * at once, with no effect; a statement on its own would wait for that transaction, for as long as it takes.
 *
 * @param work `session` is `undefined` on a standalone server, where no transaction can be in the way
 */
export async function inOwnTransaction<T>(
  { client, transactional }: GivenDatabase,
  work: (session: ClientSession | undefined) => Promise<T>,
): Promise<T> {
  if (!transactional) return work(undefined);
  const session = client.startSession();
  try {
    session.startTransaction(DURABLE_TRANSACTION);
    const result = await work(session);
    await session.commitTransaction();
    return result;
  } finally {
    // Ends a transaction that is still open.
    await session.endSession();
  }
}

/** The option that puts an operation into a transaction, where there is one. */
export function within(session: ClientSession | undefined): { readonly session?: ClientSession } {
  return session === undefined ? {} : { session };
}
