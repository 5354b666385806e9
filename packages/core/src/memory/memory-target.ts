import { tokenKey, type Token } from '../change/token.js';
import { FlamingockError } from '../errors.js';
import type {
  ClaimAnswer,
  FenceAnswer,
  FenceKey,
  Target,
  TransactionOutcome,
  TransactionRequest,
} from '../target/target.js';
import { type MemoryContents, MemoryDatabase, ledgerId } from './memory-database.js';
import type { MemoryView } from './memory-writer.js';

/** What a change reads and writes in a memory target. */
export abstract class MemoryValues {
  abstract get(name: string): unknown;
  abstract set(name: string, value: unknown): void;
}

/**
 * A transactional target in memory, for tests. Supplies {@link MemoryValues}. On the database of a
 * `memoryAuditStore` its transactions are shared with the ledger; on one of its own they are separate.
 */
export function memoryTarget(database: MemoryDatabase = new MemoryDatabase()): Target {
  const supplies = (token: Token): boolean => tokenKey(token) === MemoryValues;
  return {
    kind: 'memory',
    clients: [],
    supplies,
    client: () => new ViewValues(database),
    transactions: {
      driver: database,
      binds: supplies,
      claim: (key, token, { expected = 0 } = {}) =>
        database.exclusively(() => Promise.resolve(claim(database, key, token, expected))),
      fence: (key) => Promise.resolve(database.contents().fences.get(fenceId(key))),
      adopt: (key, fence, shown) =>
        database.exclusively(() => Promise.resolve(adopt(database, key, fence, shown))),
      run: (request) => database.exclusively(() => run(database, request)),
    },
  };
}

function claim(database: MemoryDatabase, key: FenceKey, token: number, expected: number): ClaimAnswer {
  const id = fenceId(key);
  const fence = database.contents().fences.get(id) ?? {
    environment: key.environment,
    claimed: 0,
    begun: 0,
    applied: 0,
  };
  if (fence.environment !== key.environment) return { status: 'foreign', environment: fence.environment };
  if (fence.claimed > token) return { status: 'superseded', claimed: fence.claimed };
  if (fence.applied < expected) return { status: 'behind', applied: fence.applied };
  database.commit({ fences: new Map(database.contents().fences).set(id, { ...fence, claimed: token }) });
  return { status: 'claimed', applied: fence.applied, begun: fence.begun };
}

function adopt(
  database: MemoryDatabase,
  key: FenceKey,
  { claimed, sequence }: { readonly claimed: number; readonly sequence: number },
  shown: FenceAnswer,
): boolean {
  const row = database.contents().fences.get(fenceId(key));
  const environment = shown.status === 'foreign' ? shown.environment : key.environment;
  const holder = {
    claimed,
    superseded: shown.status === 'superseded' ? shown.claimed : 0,
    foreign: row?.claimed,
  };
  if (row?.environment !== environment || row.claimed !== holder[shown.status]) return false;
  const adopted = { environment: key.environment, claimed, begun: sequence, applied: sequence };
  database.commit({ fences: new Map(database.contents().fences).set(fenceId(key), adopted) });
  return true;
}

async function run(database: MemoryDatabase, request: TransactionRequest): Promise<TransactionOutcome> {
  const transaction = new MemoryTransaction(database);
  try {
    if (!transaction.advance(request, 'begun')) return { status: 'fenced' };
    await request.work({ client: () => new ViewValues(transaction) });
    transaction.advance(request, 'applied');
    await request.beforeCommit?.(transaction);
  } catch (error) {
    return { status: 'rolled-back', error };
  } finally {
    transaction.end();
  }
  database.commit(transaction.contents());
  return { status: 'committed' };
}

/** A copy of the contents that replaces them on commit. */
class MemoryTransaction implements MemoryView {
  readonly #database: MemoryDatabase;
  #contents: MemoryContents;
  #open = true;

  constructor(database: MemoryDatabase) {
    this.#database = database;
    this.#contents = database.contents();
  }

  contents(): MemoryContents {
    return this.#contents;
  }

  ledger(key: FenceKey): ReturnType<MemoryView['ledger']> {
    return this.#contents.ledgers.get(ledgerId(key)) ?? { entries: [], lock: undefined, highestSequence: 0 };
  }

  commit(contents: Partial<MemoryContents>): void {
    if (!this.#open) {
      throw new FlamingockError({
        code: 'FLG_TRANSACTION_BROKEN',
        message: 'A change wrote after its transaction had ended.',
        hint: 'Await everything that the change begins.',
      });
    }
    this.#contents = { ...this.#contents, ...contents };
  }

  now(): number {
    return this.#database.now();
  }

  end(): void {
    this.#open = false;
  }

  /** `false`: a later run has claimed the fence. */
  advance({ key, fence }: TransactionRequest, column: 'begun' | 'applied'): boolean {
    if (fence === undefined) return true;
    const row = this.#contents.fences.get(fenceId(key));
    if (row?.claimed !== fence.claimed || row.environment !== key.environment) return false;
    const advanced = { ...row, [column]: fence.sequence };
    this.commit({ fences: new Map(this.#contents.fences).set(fenceId(key), advanced) });
    return true;
  }
}

class ViewValues extends MemoryValues {
  readonly #view: Pick<MemoryView, 'contents' | 'commit'>;

  constructor(view: Pick<MemoryView, 'contents' | 'commit'>) {
    super();
    this.#view = view;
  }

  get(name: string): unknown {
    return this.#view.contents().values.get(name);
  }

  set(name: string, value: unknown): void {
    this.#view.commit({ values: new Map(this.#view.contents().values).set(name, value) });
  }
}

function fenceId({ service, tenant }: FenceKey): string {
  return JSON.stringify([service, tenant]);
}
