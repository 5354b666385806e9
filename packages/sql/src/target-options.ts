import { throwProblems, unknownKeys } from '@flamingock/core/spi';
import type { TableOptions } from './store/create-tables.js';

/** What may be said of a target. */
export interface SqlTargetOptions extends TableOptions {
  /**
   * Which database it is, free of secrets: `orders@eu-1`. It is recorded with every change, and a start whose
   * target has another identity than the recorded one is refused. Default: none is recorded.
   */
  readonly identity?: string;
}

/** Throws `FLG_OPTION_UNKNOWN`. Returns what belongs into the target. */
export function identityOf(options: SqlTargetOptions, where: string): { readonly identity?: string } {
  throwProblems(unknownKeys(options, ['identity', 'createTables'], where));
  return options.identity === undefined ? {} : { identity: options.identity };
}

/** Throws `FLG_OPTION_UNKNOWN`. Returns the options. */
export function tableOptions(options: TableOptions, where: string): TableOptions {
  throwProblems(unknownKeys(options, ['createTables'], where));
  return options;
}
