import { FlamingockError } from '@flamingock/core/spi';
import type { TransactionState } from '../driver/connection.js';
import { isDoneWithin } from '../driver/time-limit.js';

interface Savepoint {
  readonly name: string;
  /** How many statements had been sent when it was set. */
  readonly at: number;
}

/**
 * Watches the statements of one transactional change and sends one after the other. A statement that failed leaves
 * the transaction aborted, as on PostgreSQL, unless the change goes back to a savepoint that it had set before. And
 * when the transaction has ended, no statement may follow, because it would commit by itself.
 */
export class StatementWatch {
  readonly #state: TransactionState;
  readonly #implicitCommits: boolean;
  #sent = 0;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #underWay: string | undefined;
  #savepoints: readonly Savepoint[] = [];
  #failure: { readonly at: number; readonly error: unknown } | undefined;
  #ended = false;
  #endedOtherwise = false;
  #endedAborted = false;
  #keptOpen = true;
  #mayHavePassedEnd = false;

  /** @param implicitCommits other statements than COMMIT end transactions, too */
  constructor(state: TransactionState, implicitCommits = false) {
    this.#state = state;
    this.#implicitCommits = implicitCommits;
  }

  /** The first statement that failed and was not undone, with its error. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** The change ended a transaction that was aborted, by a statement alone: whatever it said, nothing remains. */
  get endedAborted(): boolean {
    return this.#endedAborted && !this.#endedOtherwise;
  }

  /** A statement that ends transactions was under way when the connection was lost, or nobody has seen how it ended. */
  get mayHaveEnded(): boolean {
    return this.#mayHavePassedEnd || (this.#underWay !== undefined && this.#mayEnd(this.#underWay));
  }

  /** The change has sent nothing that ends transactions: if this one is over, the server has rolled it back. */
  get keptOpen(): boolean {
    return this.#keptOpen;
  }

  /**
   * The change is over: what it has sent without waiting for it is still part of it, and nothing more comes.
   *
   * @param patienceMs how long what it has sent is waited for
   * @returns `false` where something is still under way
   */
  async end(patienceMs: number): Promise<boolean> {
    this.#ended = true;
    return this.#waiting === 0 || isDoneWithin(patienceMs, this.#turn);
  }

  /** Throws `FLG_TRANSACTION_BROKEN` after the transaction has ended, and why where the connection is lost. */
  assertOpen(): void {
    if (this.#ended) throw transactionOver();
    this.#assertTransaction();
  }

  /** Lets a statement pass of which nobody can tell here when and how it has ended. Throws as {@link assertOpen}. */
  letPass(sql: string): void {
    this.assertOpen();
    if (!this.#mayEnd(sql)) return;
    this.#keptOpen = false;
    this.#mayHavePassedEnd = true;
  }

  #assertTransaction(): void {
    if (this.#state.lost !== undefined) throw this.#state.lost;
    if (!this.#state.inTransaction) throw transactionOver();
  }

  /** Sends one statement of the change, after those before it. Throws as {@link assertOpen}. */
  run<T>(sql: string, send: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(transactionOver());
    return this.#inTurn(async () => {
      this.#assertTransaction();
      const at = (this.#sent += 1);
      const { aborted } = this.#state;
      this.#underWay = sql;
      if (this.#mayEnd(sql)) this.#keptOpen = false;
      try {
        const result = await send();
        await this.#state.answered?.(result);
        this.#follow(sql, at);
        this.#noteEnd(sql, aborted);
        return result;
      } catch (error) {
        this.#failure ??= { at, error };
        await this.#state.settled();
        throw error;
      } finally {
        if (this.#state.lost === undefined) this.#underWay = undefined;
      }
    });
  }

  /** Sends a statement of the engine, unless the change has one under way or waiting. Never throws. */
  whenIdle(send: () => Promise<unknown>): void {
    const { inTransaction, lost } = this.#state;
    if (this.#waiting > 0 || this.#ended || !inTransaction || lost !== undefined) return;
    this.#inTurn(send).catch(() => undefined);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#turn.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #mayEnd(sql: string): boolean {
    const text = withoutBodies(sql);
    return this.#implicitCommits ? !KEEPS_TRANSACTION.test(text) : ENDS_TRANSACTION.test(text);
  }

  #noteEnd(sql: string, aborted: boolean): void {
    if (aborted && END_ALONE.test(sql)) this.#endedAborted = !this.#state.inTransaction;
    else if (ENDS_TRANSACTION.test(withoutBodies(sql)) && !ROLLBACK_TO.test(sql)) this.#endedOtherwise = true;
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

const END_ALONE = /^\s*(?:COMMIT|END|ROLLBACK|ABORT)(?:\s+(?:WORK|TRANSACTION))?\s*;?\s*$/i;
const ENDS_TRANSACTION = /(?:^|;)\s*(?:COMMIT|END|ROLLBACK|ABORT|PREPARE\s+TRANSACTION)\b/i;
/** One statement that commits nothing, not even by what it calls. */
const KEEPS_TRANSACTION =
  /^\s*(?:(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|DO|SHOW|DESCRIBE|EXPLAIN|USE|SAVEPOINT|RELEASE)\b|ROLLBACK\s+(?:WORK\s+)?TO\b|SET\s+@\w)[^;]*;?\s*$/i;

/** The text without comments, quoted texts and bodies of functions, in which such words mean nothing. */
function withoutBodies(sql: string): string {
  return sql.replace(/(\$\w*\$)[^]*?\1|'[^']*'|--[^\n]*|\/\*[^]*?\*\//g, ' ');
}

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
