import { FlamingockError, throwProblems, unknownKeys } from '@flamingock/core/spi';

/** What may be said of the collections of a store or a target. */
export interface CollectionOptions {
  /**
   * What the names of the collections begin with: letters, digits and `_`, at most 40. Several stores have a place in one
   * database by different ones. Default `flamingock_`.
   */
  readonly prefix?: string;
}

/** What may be said of a target. */
export interface MongodbTargetOptions extends CollectionOptions {
  /**
   * Which database it is, free of secrets: `orders@eu-1`. It is recorded with every change, and a start whose
   * target has another identity than the recorded one is refused. Default: none is recorded.
   */
  readonly identity?: string;
}

const DEFAULT_PREFIX = 'flamingock_';

/**
 * Checks what was said. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @returns what the names of the collections begin with
 */
export function prefixOf(
  options: CollectionOptions,
  where: string,
  furtherKeys: readonly string[] = [],
): string {
  const { prefix = DEFAULT_PREFIX } = options;
  throwProblems([
    ...unknownKeys(options, ['prefix', ...furtherKeys], where),
    ...(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(prefix) ? [] : [invalidPrefix(where)]),
  ]);
  return prefix;
}

function invalidPrefix(where: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `${where}: prefix must be a name of at most 40 letters, digits and _.`,
    hint: "Pass for instance 'orders_flamingock_'.",
  });
}
