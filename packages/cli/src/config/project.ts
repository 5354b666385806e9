import type { Flamingock, FlamingockOptions, Logger } from '@flamingock/core';
import type { Desk, DeskOptions } from '@flamingock/core/desk';

/** What a command works on: one service in one environment. */
export interface Project {
  /**
   * The audit store alone.
   *
   * @param other another ledger of the same store; what is declared here says nothing of another service
   */
  desk(other?: OtherLedger): Promise<Desk>;
  /** The engine with its target systems and changes. Nothing is run. */
  engine(): Promise<Engine>;
  /** Everything that no message may hold, as far as it was read. */
  readonly secrets: readonly string[];
  /** Ends everything that was opened. */
  close(): Promise<void>;
}

/** Whose ledger is meant, where it is not that of the configuration. */
export type OtherLedger = Partial<Pick<DeskOptions, 'service' | 'tenant'>>;

/** The engine, with what it was made of. */
export interface Engine {
  readonly flamingock: Flamingock;
  readonly options: FlamingockOptions;
}

/** What a project is opened with. */
export interface ProjectRequest {
  readonly environment: string | undefined;
  readonly config: string | undefined;
  /** The module of an application. */
  readonly app: string | undefined;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where the engine, the changes and the application tell of themselves. */
  readonly logger: Logger;
}
