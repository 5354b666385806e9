import { type Token, tokenKey } from '@flamingock/core/spi';

const BRAND = Symbol.for('flamingock.sql-executor');

/**
 * Runs SQL on a target system. In a transactional change every statement is part of the transaction of that
 * change; with `transactional: false` each commits by itself. An abstract class and not an interface, so that it
 * can be the type of a decorated parameter.
 *
 * Placeholders and the types of values are those of the database and its driver.
 */
export abstract class SqlExecutor {
  static {
    Object.defineProperty(this, BRAND, { value: true });
  }

  /**
   * Returns the rows of one statement; none for a statement that returns no rows.
   *
   * @example
   * const open = await sql.query<{ id: number }>('SELECT id FROM orders WHERE state = ?', ['OPEN']);
   */
  abstract query<T extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<T[]>;

  /**
   * Runs one statement and tells how many rows it changed.
   *
   * @example
   * const { affected } = await sql.execute(`UPDATE orders SET payment_method = 'UNSET'`);
   */
  abstract execute(sql: string, parameters?: readonly unknown[]): Promise<{ readonly affected: number }>;
}

/** Tells whether a token asks for the executor, whichever copy of this package it came from. */
export function isSqlExecutor(token: Token): boolean {
  const key = tokenKey(token);
  return typeof key === 'function' && BRAND in key;
}
