import { FlamingockError } from '@flamingock/core/spi';
import type { SqlConnection } from '../driver/connection.js';

interface Savepoint {
  readonly name: string;
  /** How many statements had been sent when it was set. */
  readonly at: number;
}

/**
 * Watches the statements of one transactional change: a statement that failed leaves the transaction aborted, as
 * on PostgreSQL, unless the change goes back to a savepoint that it had set before. And when the transaction has
 * ended, no statement may follow, because it would commit by itself.
 */
export class StatementWatch {
  readonly #connection: Pick<SqlConnection, 'inTransaction'>;
  #sent = 0;
  #savepoints: readonly Savepoint[] = [];
  #failure: { readonly at: number; readonly error: unknown } | undefined;
  #ended = false;

  constructor(connection: Pick<SqlConnection, 'inTransaction'>) {
    this.#connection = connection;
  }

  /** The first statement that failed and was not undone, with its error. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  get ended(): boolean {
    return this.#ended || !this.#connection.inTransaction;
  }

  /** The change is over. */
  end(): void {
    this.#ended = true;
  }

  /** Sends one statement of the change. Throws `FLG_TRANSACTION_BROKEN` after the transaction has ended. */
  async run<T>(sql: string, send: () => Promise<T>): Promise<T> {
    if (this.ended) throw transactionOver();
    const at = (this.#sent += 1);
    try {
      const result = await send();
      this.#follow(sql, at);
      return result;
    } catch (error) {
      this.#failure ??= { at, error };
      throw error;
    }
  }

  #follow(sql: string, at: number): void {
    const set = SAVEPOINT.exec(sql);
    if (set !== null) this.#savepoints = [...this.#savepoints, { name: nameOf(set), at }];
    const back = ROLLBACK_TO.exec(sql);
    if (back !== null) {
      const index = this.#lastIndexOf(nameOf(back));
      const target = this.#savepoints[index];
      this.#savepoints = this.#savepoints.slice(0, index + 1);
      if (target !== undefined && this.#failure !== undefined && target.at < this.#failure.at)
        this.#failure = undefined;
    }
    const released = RELEASE.exec(sql);
    if (released !== null) this.#savepoints = this.#savepoints.slice(0, this.#lastIndexOf(nameOf(released)));
  }

  #lastIndexOf(name: string): number {
    return this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
  }
}

const NAME = String.raw`(?:"([^"]+)"|\[([^\]]+)\]|\`([^\`]+)\`|'([^']+)'|([^\s;]+))\s*;?\s*$`;
const SAVEPOINT = new RegExp(String.raw`^\s*SAVEPOINT\s+${NAME}`, 'i');
const ROLLBACK_TO = new RegExp(
  String.raw`^\s*ROLLBACK\s+(?:(?:TRANSACTION|WORK)\s+)?TO\s+(?:SAVEPOINT\s+)?${NAME}`,
  'i',
);
const RELEASE = new RegExp(String.raw`^\s*RELEASE\s+(?:SAVEPOINT\s+)?${NAME}`, 'i');

function nameOf(match: RegExpExecArray): string {
  // Of the ways to write a name only one has matched.
  return match.slice(1).join('').toLowerCase();
}

function transactionOver(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TRANSACTION_BROKEN',
    message: 'A change sent a statement after its transaction had ended; it was not executed.',
    hint: 'Await everything that the change begins, and leave BEGIN, COMMIT and ROLLBACK to the engine.',
  });
}
