import {
  type BoundClients,
  type ClaimAnswer,
  type FenceKey,
  type Target,
  type TargetTransactions,
  tokenKey,
  type TransactionOutcome,
  type TransactionRequest,
} from '@flamingock/core/spi';
import { coded, type SimulatedServer, Transaction } from './simulated-server.js';

/** How long a statement of the engine waits for a lock, in milliseconds. */
const LOCK_TIMEOUT_MS = 50;

/** The driver object of one target. */
export class SimulatedPool {
  losesReplies = false;
  keepsAlive = true;

  constructor(
    readonly server: SimulatedServer,
    readonly mayClaim = true,
  ) {}

  answer<T>(answer: T): T {
    if (this.losesReplies) throw new Error('the connection has ended unexpectedly');
    return answer;
  }
}

/** What changes are given: bound to their transaction, or with one for each statement. */
export class SimulatedClient {
  constructor(
    readonly server: SimulatedServer,
    readonly transaction?: Transaction,
    readonly timeoutMs?: number,
  ) {}

  async write(value: string): Promise<void> {
    const transaction = this.transaction ?? this.server.begin(60_000);
    await transaction.write(value, this.timeoutMs);
    if (this.transaction === undefined) transaction.commit();
  }
}

/** A target with everything that a server has, so that every case of the contract applies to it. */
export function simulatedTarget(pool: SimulatedPool): Target {
  const { server } = pool;
  const bound = (token: unknown): boolean => token === SimulatedClient;
  return {
    kind: 'simulated',
    clients: [],
    supplies: (token) => bound(tokenKey(token)) || tokenKey(token) === SimulatedPool,
    client: (token) => (bound(tokenKey(token)) ? new SimulatedClient(server) : pool),
    transactions: new SimulatedTransactions(pool),
  };
}

class SimulatedTransactions implements TargetTransactions {
  readonly timeouts = true;
  readonly driver: SimulatedPool;
  /** Since when somebody has been waiting for a lock. */
  readonly #waits = new Map<string, number>();

  constructor(pool: SimulatedPool) {
    this.driver = pool;
  }

  binds: TargetTransactions['binds'] = (token) => tokenKey(token) === SimulatedClient;

  claim: TargetTransactions['claim'] = async (key, token, { patienceMs = 30_000, expected = 0 } = {}) => {
    const { server, mayClaim } = this.driver;
    if (!mayClaim) throw coded('FLG_TARGET_PERMISSION');
    const transaction = server.begin(60_000);
    await this.#lock(transaction, `fence ${fenceId(key)}`, patienceMs);
    const answer = claim(server, transaction, { key, token, expected });
    transaction.commit();
    return this.driver.answer(answer);
  };

  adopt: NonNullable<TargetTransactions['adopt']> = async (key, { claimed, sequence }, shown) => {
    const { server } = this.driver;
    const transaction = server.begin(60_000);
    await this.#lock(transaction, `fence ${fenceId(key)}`, 60_000);
    const row = server.fences.get(fenceId(key));
    const unchanged =
      shown.status === 'foreign'
        ? row?.environment === shown.environment
        : row?.environment === key.environment &&
          row.claimed === (shown.status === 'superseded' ? shown.claimed : claimed);
    const { environment } = key;
    if (unchanged)
      transaction.fences.set(fenceId(key), { environment, claimed, begun: sequence, applied: sequence });
    transaction.commit();
    return unchanged;
  };

  run: TargetTransactions['run'] = async (request) => {
    const transaction = this.driver.server.begin(request.idleTimeoutMs);
    const { key, fence, shared } = request;
    try {
      if (shared !== undefined)
        await this.#lock(transaction, `shared ${JSON.stringify(key)}`, request.idleTimeoutMs);
      if (fence !== undefined) {
        await this.#lock(transaction, `fence ${fenceId(key)}`, 60_000);
        const row = this.driver.server.fences.get(fenceId(key));
        const { claimed, environment } = row ?? {};
        if (row === undefined || claimed !== fence.claimed || environment !== key.environment) {
          transaction.rollback();
          return { status: 'fenced' };
        }
        transaction.fences.set(fenceId(key), { ...row, begun: fence.sequence });
      }
    } catch (error) {
      transaction.rollback();
      throw error;
    }
    return this.#perform(transaction, request);
  };

  async #perform(transaction: Transaction, request: TransactionRequest): Promise<TransactionOutcome> {
    const outcome = await this.#work(transaction, request);
    if (outcome !== undefined) {
      transaction.rollback();
      return outcome;
    }
    transaction.commit();
    return this.driver.losesReplies
      ? { status: 'unknown', error: new Error('the connection has ended unexpectedly') }
      : { status: 'committed' };
  }

  /** What prevents the commit. */
  async #work(
    transaction: Transaction,
    request: TransactionRequest,
  ): Promise<TransactionOutcome | undefined> {
    const { server, keepsAlive } = this.driver;
    const timeoutMs = Math.min(request.lockTimeoutMs ?? Infinity, request.statementTimeoutMs ?? Infinity);
    const client = new SimulatedClient(server, transaction, timeoutMs);
    const alive = setInterval(() => {
      if (keepsAlive) transaction.touch();
    }, request.idleTimeoutMs / 4);
    try {
      await request.work({ client: () => client });
      if (!transaction.isOpen) throw new Error('the transaction has ended');
      if (transaction.aborted) throw coded('FLG_TRANSACTION_ABORTED');
      this.#apply(transaction, request);
      await request.beforeCommit?.(transaction);
      return undefined;
    } catch (error) {
      return transaction.isOpen || transaction.terminated
        ? { status: 'rolled-back', error }
        : { status: 'broken', error: coded('FLG_TRANSACTION_BROKEN') };
    } finally {
      clearInterval(alive);
    }
  }

  #apply(transaction: Transaction, { key, fence }: TransactionRequest): void {
    const row = transaction.fences.get(fenceId(key));
    if (row === undefined || fence === undefined) return;
    transaction.fences.set(fenceId(key), { ...row, applied: fence.sequence });
  }

  /** Waits shortly, and ends by force whoever has kept this target waiting for too long. */
  async #lock(transaction: Transaction, name: string, patienceMs: number): Promise<void> {
    const { server } = this.driver;
    try {
      await server.lock(transaction, name, LOCK_TIMEOUT_MS);
      this.#waits.delete(name);
    } catch (error) {
      const since = this.#waits.get(name) ?? performance.now();
      this.#waits.set(name, since);
      if (performance.now() - since >= patienceMs) server.holder(name)?.terminate();
      throw error;
    }
  }
}

interface Claim {
  readonly key: FenceKey;
  readonly token: number;
  readonly expected: number;
}

function claim(
  server: SimulatedServer,
  transaction: Transaction,
  { key, token, expected }: Claim,
): ClaimAnswer {
  const { environment } = key;
  const row = server.fences.get(fenceId(key)) ?? { environment, claimed: 0, begun: 0, applied: 0 };
  if (row.environment !== environment) return { status: 'foreign', environment: row.environment };
  if (row.claimed > token) return { status: 'superseded', claimed: row.claimed };
  if (row.applied < expected) return { status: 'behind', applied: row.applied };
  transaction.fences.set(fenceId(key), { ...row, claimed: token });
  return { status: 'claimed', applied: row.applied, begun: row.begun };
}

/** The transaction that a change's client is bound to. */
export function transactionOf(clients: BoundClients): Transaction {
  const { transaction } = clients.client(SimulatedClient) as SimulatedClient;
  if (transaction === undefined) throw new Error('a client without a transaction');
  return transaction;
}

export function fenceId({ service, tenant }: FenceKey): string {
  return JSON.stringify([service, tenant]);
}
