import { Connection, type Wire } from '../world/connection.js';
import type { Operation } from '../world/faults.js';
import { EPOCH, type SimulatedProcess } from '../world/simulated-process.js';
import type { Database, Statement, View } from './database.js';
import type { Defects } from './defects.js';

/** One process and the server that it is a client of. */
export interface ClientParts {
  readonly wire: Wire;
  readonly process: SimulatedProcess;
  readonly database: Database;
  /** The driver object of this process. */
  readonly driver: object;
  readonly defects: Defects;
}

/** Sends a statement, alone or in a transaction. */
export type Executor = <T>(operation: Operation, text: string, statement: Statement) => Promise<T>;

export function connect({ wire, process, database }: ClientParts): Connection {
  return new Connection(wire, process, database);
}

/** Each statement is a transaction of its own. */
export function aloneOn(connection: Connection, database: Database): Executor {
  return <T>(operation: Operation, text: string, statement: Statement) =>
    connection.send<T>({
      operation,
      text,
      execute: (answer) => {
        database.alone(statement, answer);
      },
    });
}

/** The clock by which a store judges: its own, read while a statement is executed. */
export function storeClock({ process, defects }: ClientParts): (view: View) => number {
  if (!defects.has('the store judges by the clock of the client')) return (view) => EPOCH + view.now;
  const sent = process.wall();
  return () => sent;
}
