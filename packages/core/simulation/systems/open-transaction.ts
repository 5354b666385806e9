import type { Connection } from '../world/connection.js';
import { isBroken } from '../world/connection.js';
import type { Operation } from '../world/faults.js';
import type { ClientParts, Executor } from './client-parts.js';
import type { Statement } from './database.js';
import { Transaction, type TransactionFacts } from './transaction.js';

/** A transaction as its client knows it. */
export class OpenTransaction {
  readonly connection: Connection;
  /** A statement failed, whether or not the change minded. */
  failure: unknown;
  /** The connection broke. */
  lost: unknown;
  /** The change has sent an end of its own. */
  endedByChange = false;
  readonly #parts: ClientParts;
  readonly #transaction: Transaction;

  constructor(parts: ClientParts, connection: Connection, about: TransactionFacts, idleTimeoutMs: number) {
    this.#parts = parts;
    this.connection = connection;
    this.#transaction = new Transaction(about, parts.database.oneWriter ? undefined : idleTimeoutMs);
  }

  /** Sends a statement inside the transaction. */
  readonly executor: Executor = async <T>(operation: Operation, text: string, statement: Statement) => {
    const { database } = this.#parts;
    try {
      return await this.connection.send<T>({
        operation,
        text,
        execute: (answer) => {
          const open = database.transactionOf(this.connection);
          if (open === undefined) answer({ error: noTransaction() });
          else database.execute(open, statement, answer);
        },
      });
    } catch (error) {
      this.failure ??= error;
      if (isBroken(error)) this.lost ??= error;
      throw error;
    }
  };

  /** Opens it with its first statement. */
  async begin(text: string, first: Statement): Promise<unknown> {
    const { database } = this.#parts;
    return this.connection.send({
      operation: 'begin',
      text,
      execute: (answer) => {
        database.begin(this.connection, this.#transaction);
        database.execute(this.#transaction, first, answer);
      },
    });
  }

  /** Says whether it has committed: an aborted one is rolled back. */
  commit(text = 'commit'): Promise<boolean> {
    const { database } = this.#parts;
    return this.connection.send({
      operation: 'commit',
      text,
      execute: (answer) => {
        const open = database.transactionOf(this.connection);
        if (open !== undefined) database.commit(open);
        answer({ value: open?.committed ?? false });
      },
    });
  }

  /** Rolls back what there is; `false`: there was no transaction any more. */
  rollback(): Promise<boolean> {
    const { database } = this.#parts;
    return this.connection.send({
      operation: 'rollback',
      text: 'rollback',
      execute: (answer) => {
        const open = database.transactionOf(this.connection);
        if (open !== undefined) database.rollback(open);
        answer({ value: open !== undefined });
      },
    });
  }
}

function noTransaction(): Error {
  return new Error('there is no transaction');
}
