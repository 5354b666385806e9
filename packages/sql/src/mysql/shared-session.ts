import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@flamingock/core/spi';
import type { Row, Statement } from '../driver/connection.js';
import { commitsNothing, transactionOfApplication } from '../driver/unfit-connection.js';
import { OWN_WAITS, set, THEIR_SETTINGS } from './engine-settings.js';
import { isAutocommit, isInTransaction, type MysqlHeader } from './mysql-client.js';
import type { MysqlSession } from './mysql-session.js';

/** How long a statement of the engine waits for a transaction of the application on this very connection. */
const PATIENCE_MS = 1_000;
const PAUSE_MS = 20;

const SAVEPOINT = 'flamingock_apart';

/**
 * Works once the application has no transaction open on the only connection that there is. Throws
 * `FLG_STORE_SHARED_CONNECTION` where one stays open, and works again where the work finds one that has come in between.
 */
export async function whenFree<T>(session: MysqlSession, work: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    await session.tell('DO 0');
    try {
      if (session.inTransaction) throw transactionOfApplication();
      return await work();
    } catch (error) {
      if (performance.now() >= until || !hasCode(error, 'FLG_STORE_SHARED_CONNECTION')) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

/**
 * Sends one statement that commits by itself, on a connection that the application uses meanwhile. Throws as
 * {@link whenFree}, and `FLG_OPTION_INVALID` where the connection commits nothing by itself; then nothing is written.
 */
export function sendApart(session: MysqlSession, statement: Statement): Promise<readonly Row[]> {
  return whenFree(session, async () => {
    await session.moveBack();
    if (!session.autocommit) throw commitsNothing();
    return sendTogether(session, statement);
  });
}

/**
 * All of it is queued at once, so that nothing of the application comes in between. In a transaction that it has begun
 * since it was asked, the statement is undone by the savepoint; outside of one it is committed, and there is none.
 */
async function sendTogether(session: MysqlSession, { sql, answer }: Statement): Promise<readonly Row[]> {
  const [, savepoint, written, answered, undone] = await Promise.allSettled([
    session.tell(set(OWN_WAITS)),
    session.tell(`SAVEPOINT ${SAVEPOINT}`),
    session.ask(sql),
    answer === undefined ? undefined : session.ask(answer.sql),
    session.tell(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`),
    session.tell(set(THEIR_SETTINGS)),
  ]);
  // Outside of a transaction there is no way back, so that this one has taken the statement back, whatever came before.
  if (undone.status === 'fulfilled') throw transactionOfApplication();
  if (savepoint.status === 'rejected') throw savepoint.reason;
  if (!commitsByItself(savepoint.value)) {
    // Nobody knows what becomes of it where the way back has failed.
    if (written.status === 'fulfilled') throw undone.reason;
    throw transactionOfApplication();
  }
  if (written.status === 'rejected') throw written.reason;
  if (answered.status === 'rejected') throw answered.reason;
  return answered.value ?? written.value;
}

/** Whether the next statement is committed by itself: without autocommit it is not, also where nothing is open yet. */
function commitsByItself(header: MysqlHeader | undefined): boolean {
  return header !== undefined && isAutocommit(header) && !isInTransaction(header);
}
