import type { Verdict } from '../../src/change/change.js';
import type { Operation } from '../world/faults.js';
import { aloneOn, type ClientParts, connect, type Executor } from './client-parts.js';
import type { Database, Statement, View } from './database.js';
import type { OpenTransaction } from './open-transaction.js';

/** How many parts the effect of every change has: one that is interrupted may leave some of them. */
export const PARTS = [1, 2] as const;

/** Where a part of a change's effect is counted. */
export function effectRow(changeId: string, part: number): string {
  return `effect:${changeId}:${part}`;
}

/** What a system holds of a change: how often each part has been put there. */
export function effectsIn(database: Database, changeId: string): readonly number[] {
  return PARTS.map((part) => Number(database.row(effectRow(changeId, part)) ?? 0));
}

/** Who asks, so that an effect that comes too late can be told from others. */
export interface Caller {
  /** Whether whoever asked for it is still waiting. */
  stillWanted(): boolean;
  /** Is told of an effect that nobody waits for any more. */
  onLate(): void;
  /** Is told of any other part of the effect, at the moment at which it is there. */
  onPut(part: number): void;
}

const ANYBODY: Caller = { stillWanted: () => true, onLate: () => undefined, onPut: () => undefined };

/** What changes act with: a client of a system, or of an open transaction there. */
export abstract class SystemClient {
  /** Puts one part of the effect there. */
  abstract put(changeId: string, part: number, caller?: Caller): Promise<void>;
  /** Takes the effect away. */
  abstract clear(changeId: string, caller?: Caller): Promise<void>;
  /** Looks what is there. */
  abstract inspect(changeId: string): Promise<Verdict>;
  /** A statement that the server does not understand. */
  abstract fail(): Promise<void>;
  /** A change that ends the transaction by itself; without one, nothing. */
  abstract commit(): Promise<void>;
}

/** Every statement commits by itself. */
export function autocommitClient(parts: ClientParts): SystemClient {
  const execute: Executor = async (operation, text, statement) => {
    const connection = connect(parts);
    try {
      return await aloneOn(connection, parts.database)(operation, text, statement);
    } finally {
      connection.close();
    }
  };
  return new Client(execute, () => Promise.resolve());
}

/** Every statement is part of the transaction. */
export function boundClient(transaction: OpenTransaction): SystemClient {
  return new Client(transaction.executor, async () => {
    transaction.endedByChange = true;
    await transaction.commit('commit of the change itself');
  });
}

class Client extends SystemClient {
  readonly #execute: Executor;
  readonly #commit: () => Promise<void>;

  constructor(execute: Executor, commit: () => Promise<void>) {
    super();
    this.#execute = execute;
    this.#commit = commit;
  }

  put(changeId: string, part: number, caller = ANYBODY): Promise<void> {
    const row = effectRow(changeId, part);
    return this.#send('put', `put ${changeId} part ${part}`, [row], (view) => {
      if (caller.stillWanted()) caller.onPut(part);
      else caller.onLate();
      view.set(row, Number(view.get(row) ?? 0) + 1);
    });
  }

  clear(changeId: string, caller = ANYBODY): Promise<void> {
    const rows = PARTS.map((part) => effectRow(changeId, part));
    return this.#send('clear', `clear ${changeId}`, rows, (view) => {
      if (!caller.stillWanted()) caller.onLate();
      for (const row of rows) view.set(row, 0);
    });
  }

  inspect(changeId: string): Promise<Verdict> {
    return this.#send('inspect', `inspect ${changeId}`, [], (view) =>
      verdictOf(PARTS.map((part) => Number(view.get(effectRow(changeId, part)) ?? 0))),
    );
  }

  fail(): Promise<void> {
    return this.#send('put', 'a statement with a mistake', [], () => {
      throw new Error('syntax error');
    });
  }

  commit(): Promise<void> {
    return this.#commit();
  }

  #send<T>(
    operation: Operation,
    text: string,
    locks: Statement['locks'],
    run: (view: View) => unknown,
  ): Promise<T> {
    return this.#execute<T>(operation, text, { locks, run });
  }
}

/** What somebody who looks can tell. */
export function verdictOf(counts: readonly number[]): Verdict {
  if (counts.every((count) => count > 0)) return 'APPLIED';
  return counts.every((count) => count === 0) ? 'NOT_APPLIED' : 'UNKNOWN';
}
