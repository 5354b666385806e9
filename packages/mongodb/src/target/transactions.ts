import {
  type BoundClients,
  type ClaimAnswer,
  type ClaimOptions,
  type FenceAnswer,
  type FenceKey,
  type FenceRow,
  type TargetTransactions,
  type Token,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import type { Db } from 'mongodb';
import { storeBusy } from '../errors.js';
import { boundClientOf } from '../tokens.js';
import { boundConnection } from './bound-connection.js';
import { boundDb } from './bound-db.js';
import { adoptFence, advanceFence, claimFence, createTurn, readFence, takeTurn } from './fence.js';
import { aborted, broken, endedByServer, outcomeOfCommit, unanswered } from './outcome.js';
import { SessionWatch } from './session-watch.js';
import type { TargetDatabase } from './target-database.js';
import { refusedInTransaction } from './unbound-member.js';

/** How long an operation of a change that failed is waited for, in milliseconds. */
const PATIENCE_MS = 1_000;

/** A failure, so that `undefined` can be thrown as well. */
interface Failure {
  readonly error: unknown;
}

/** Transactions with a fence. Nothing keeps them alive: the server ends one that is open for too long. */
export class MongoTransactions implements TargetTransactions {
  readonly #database: TargetDatabase;

  constructor(database: TargetDatabase) {
    this.#database = database;
  }

  get driver(): object {
    return this.#database.given.client;
  }

  binds(token: Token): boolean {
    return boundClientOf(this.#database.given, token) !== undefined;
  }

  claim(key: FenceKey, token: number, { expected = 0 }: ClaimOptions = {}): Promise<ClaimAnswer> {
    return claimFence(this.#database, { key, token, expected });
  }

  fence(key: FenceKey): Promise<FenceRow | undefined> {
    return readFence(this.#database, key);
  }

  adopt(
    key: FenceKey,
    fence: { readonly claimed: number; readonly sequence: number },
    shown: FenceAnswer,
  ): Promise<boolean> {
    return adoptFence(this.#database, key, fence, shown);
  }

  async run(request: TransactionRequest): Promise<TransactionOutcome> {
    const outcome = await this.#inSession(request);
    if (outcome !== 'no-turn') return outcome;
    await this.#database.fencing(() => createTurn(this.#database, request.key));
    const next = await this.#inSession(request);
    // Somebody has taken it away again.
    if (next === 'no-turn') throw storeBusy();
    return next;
  }

  async #inSession(request: TransactionRequest): Promise<TransactionOutcome | 'no-turn'> {
    const watch = new SessionWatch(this.#database.given.client.startSession());
    try {
      const begun = await this.#database.fencing(() => this.#begin(request, watch));
      return begun === 'begun' ? await this.#run(request, watch) : begun;
    } finally {
      watch.close();
      await watch.end();
    }
  }

  /** Opens the transaction with a statement of the engine's, so that the operations of the change may come in any order. */
  async #begin(
    { key, fence, shared }: TransactionRequest,
    { session }: SessionWatch,
  ): Promise<'begun' | 'no-turn' | TransactionOutcome> {
    if (fence !== undefined) {
      const { claimed, sequence } = fence;
      const holds = await advanceFence(this.#database, session, { key, claimed, set: { begun: sequence } });
      return holds ? 'begun' : { status: 'fenced' };
    }
    return shared === undefined || (await takeTurn(this.#database, session, key)) ? 'begun' : 'no-turn';
  }

  async #run(request: TransactionRequest, watch: SessionWatch): Promise<TransactionOutcome> {
    const failed = await attempt(() => request.work(this.#clients(watch)));
    // What a change did not wait for is part of it; only after a failure nobody waits for long.
    const { idleTimeoutMs } = request;
    const done = await watch.finish(failed === undefined ? idleTimeoutMs : PATIENCE_MS);
    if (watch.ended) return { status: 'broken', error: broken(failed?.error) };
    if (failed !== undefined) return { status: 'rolled-back', error: refusedInTransaction(failed.error) };
    if (watch.failure !== undefined) return { status: 'rolled-back', error: aborted(watch.failure) };
    if (!done) return { status: 'rolled-back', error: unanswered(idleTimeoutMs) };
    const late = await attempt(() => this.#end(request, watch));
    if (late !== undefined) return { status: 'rolled-back', error: endedByServer(late.error) };
    const uncommitted = await attempt(() => watch.commit());
    return uncommitted === undefined ? { status: 'committed' } : outcomeOfCommit(uncommitted.error);
  }

  async #end(request: TransactionRequest, { session }: SessionWatch): Promise<void> {
    const { key, fence } = request;
    if (fence !== undefined) {
      const { claimed, sequence } = fence;
      await advanceFence(this.#database, session, { key, claimed, set: { applied: sequence } });
    }
    await request.beforeCommit?.(session);
  }

  #clients(watch: SessionWatch): BoundClients {
    const { given } = this.#database;
    const db: Db = boundDb(given.db, watch);
    const connection = given.connection === undefined ? undefined : boundConnection(given.connection, db);
    return {
      client(token) {
        const client = boundClientOf(given, token);
        if (client === 'db') return db;
        if (client === 'session') return watch.session;
        return client === 'connection' ? connection : connection?.model(client?.modelName ?? '');
      },
    };
  }
}

async function attempt(work: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { error };
  }
}
