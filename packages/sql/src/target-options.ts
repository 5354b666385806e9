import type { SqlDialect } from './dialect/dialect.js';
import { tableOptions, type TableOptions } from './table-options.js';

/** What may be said of a target. */
export interface SqlTargetOptions extends TableOptions {
  /**
   * Which database it is, free of secrets: `orders@eu-1`. It is recorded with every change, and a start whose
   * target has another identity than the recorded one is refused. Default: none is recorded.
   */
  readonly identity?: string;
}

/** Checks the options as {@link tableOptions} does. Returns what belongs into the target. */
export function identityOf(
  options: SqlTargetOptions,
  dialect: SqlDialect,
  where: string,
): { readonly identity?: string } {
  tableOptions(options, dialect, where, ['identity']);
  return options.identity === undefined ? {} : { identity: options.identity };
}
