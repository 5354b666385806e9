import { FlamingockError } from '../../src/errors.js';
import type {
  ClaimAnswer,
  ClaimOptions,
  FenceAnswer,
  FenceKey,
  Target,
  TargetTransactions,
  TransactionOutcome,
  TransactionRequest,
} from '../../src/target/target.js';
import { isBroken } from '../world/connection.js';
import { aloneOn, type ClientParts, connect } from './client-parts.js';
import { adopt, claim, markApplied, markBegun, SHARED_TURN, takeSharedTurn } from './fence-statements.js';
import type { Statement } from './database.js';
import { OpenTransaction } from './open-transaction.js';
import { autocommitClient, boundClient, SystemClient } from './system-client.js';

/** A database as a target system, with the steps of the real SQL target: each message is one of the scheduler's. */
export function transactionalTarget(parts: ClientParts): Target {
  const supplies = (token: unknown): boolean => token === SystemClient;
  return {
    kind: 'simulated',
    clients: [],
    supplies,
    client: () => autocommitClient(parts),
    transactions: new SimulatedTransactions(parts),
  };
}

class SimulatedTransactions implements TargetTransactions {
  readonly driver: object;
  readonly #parts: ClientParts;
  /** Since when shared transactions of other processes have kept this one waiting. */
  #refusedSince: number | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.driver = parts.driver;
  }

  binds(token: unknown): boolean {
    return token === SystemClient;
  }

  claim(key: FenceKey, token: number, { expected = 0 }: ClaimOptions = {}): Promise<ClaimAnswer> {
    return this.#alone(`claim ${token}`, claim(key, token, expected, this.#parts.defects));
  }

  adopt(
    key: FenceKey,
    fence: { readonly claimed: number; readonly sequence: number },
    shown: FenceAnswer,
  ): Promise<boolean> {
    return this.#alone(`adopt as of ${fence.sequence}`, adopt(key, fence, shown));
  }

  async #alone<T>(text: string, statement: Statement): Promise<T> {
    const connection = connect(this.#parts);
    try {
      return await aloneOn(connection, this.#parts.database)('claim', text, statement);
    } finally {
      connection.close();
    }
  }

  async run(request: TransactionRequest): Promise<TransactionOutcome> {
    const { process, database, defects } = this.#parts;
    const { fence, shared, idleTimeoutMs } = request;
    const connection = connect(this.#parts);
    const strategy = fence === undefined ? 'TX_SHARED' : 'TX_SEPARATE';
    const about = { process, strategy, fence, token: shared?.token } as const;
    const transaction = new OpenTransaction(this.#parts, connection, about, idleTimeoutMs);
    try {
      const first =
        fence !== undefined
          ? markBegun(fence, defects)
          : shared !== undefined || database.oneWriter
            ? takeSharedTurn()
            : { locks: [], run: () => true };
      const opened = await transaction.begin(`begin ${strategy}`, first).catch((error: unknown) => {
        if (shared !== undefined) this.#insist(idleTimeoutMs, shared.token);
        throw error;
      });
      this.#refusedSince = undefined;
      if (opened === true) return await this.#perform(transaction, request);
      await transaction.rollback().catch(() => undefined);
      return { status: 'fenced' };
    } finally {
      connection.close();
    }
  }

  async #perform(transaction: OpenTransaction, request: TransactionRequest): Promise<TransactionOutcome> {
    const stop = this.#keepAlive(transaction, request.idleTimeoutMs);
    const { fence } = request;
    try {
      await request.work({ client: () => boundClient(transaction) });
      if (transaction.failure !== undefined) throw aborted(transaction.failure);
    } catch (error) {
      return await this.#undo(transaction, error);
    } finally {
      stop();
    }
    try {
      // The release of the savepoint: it fails where the transaction is not ours any more.
      const mark = fence === undefined ? { locks: [], run: () => undefined } : markApplied(fence);
      await transaction.executor('end-work', 'end of the work', mark);
    } catch (error) {
      return await this.#undo(transaction, error);
    }
    try {
      await request.beforeCommit?.(transaction);
    } catch (error) {
      await transaction.rollback().catch(() => undefined);
      return { status: 'rolled-back', error };
    }
    return this.#commit(transaction);
  }

  async #undo(transaction: OpenTransaction, error: unknown): Promise<TransactionOutcome> {
    if (transaction.endedByChange) {
      await transaction.rollback().catch(() => undefined);
      return { status: 'broken', error: brokenOff(error) };
    }
    // Without a COMMIT the server rolls back what was open, also where this connection is lost.
    await transaction.rollback().catch(() => undefined);
    return { status: 'rolled-back', error };
  }

  async #commit(transaction: OpenTransaction): Promise<TransactionOutcome> {
    const { defects } = this.#parts;
    try {
      if (await transaction.commit()) return { status: 'committed' };
      return { status: 'rolled-back', error: aborted(undefined) };
    } catch (error) {
      if (!isBroken(error)) {
        await transaction.rollback().catch(() => undefined);
        return { status: 'rolled-back', error };
      }
      if (defects.has('a commit without an answer counts as rolled back'))
        return { status: 'rolled-back', error };
      if (defects.has('a commit without an answer counts as committed')) return { status: 'committed' };
      return { status: 'unknown', error };
    }
  }

  /** Says something while the change is silent for long, so that the server does not take its process for stopped. */
  #keepAlive(transaction: OpenTransaction, idleTimeoutMs: number): () => void {
    const { process, database } = this.#parts;
    if (database.oneWriter) return () => undefined;
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = process.time.after(idleTimeoutMs / 3, () => {
        transaction
          .executor('inspect', 'keep alive', { locks: [], run: () => undefined })
          .catch(() => undefined);
        again();
      });
    };
    again();
    return () => {
      cancel();
    };
  }

  /** A shared transaction that a stopped process has left open is ended by force, after as long as it may be idle. */
  #insist(patienceMs: number, token: number): void {
    const { wire, database } = this.#parts;
    this.#refusedSince ??= wire.world.now;
    const holder = database.holderOf(SHARED_TURN);
    const patient = wire.world.now - this.#refusedSince < patienceMs;
    const later = (holder?.about?.token ?? 0) > token;
    if (patient || holder === undefined || later || database.oneWriter || holder.waiting) return;
    database.terminate(holder, 'it keeps a later run waiting');
  }
}

function aborted(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_ABORTED',
    message: 'A statement failed and the change went on.',
    hint: 'Let it pass.',
    cause,
  });
}

function brokenOff(cause: unknown): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'The change ended its transaction by itself.',
    hint: 'Leave it to the engine.',
    cause,
  });
}
