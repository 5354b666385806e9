const MARK = Symbol.for('flamingock.sqlite.transaction-of-engine');

/**
 * Whether the transaction that is open is one that the engine began for a change, so that it will end. Kept on the
 * database object itself, which several stores, targets and copies of this package may share.
 */
export function isOfEngine(database: object): boolean {
  return Reflect.get(database, MARK) === true;
}

/** Says whether the transaction that is open, or the next one, is of the engine. */
export function markOfEngine(database: object, ofEngine: boolean): void {
  Object.defineProperty(database, MARK, { value: ofEngine, configurable: true });
}
