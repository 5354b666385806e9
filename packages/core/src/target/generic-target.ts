import { tokenKey, tokenName, type Token } from '../change/token.js';
import { throwProblems } from '../errors.js';
import { isObject } from '../is-object.js';
import { unknownKeys } from '../known-keys.js';
import type { Dependency } from '../options.js';
import { clientProblems, identityProblems, invalidOption, isToken } from './option-problems.js';
import type { Target } from './target.js';

/** What {@link target} takes. At least one client must be declared or supplied. */
export interface GenericTargetOptions {
  /** Classes and tokens of the application's own clients that act on this system. */
  readonly clients?: readonly Token[];
  /** Clients that the target itself hands to changes. */
  readonly supply?: readonly Dependency[];
  /** Which system exactly, free of secrets; recorded, so that a ledger is never used against another one unnoticed. */
  readonly identity?: string;
}

const WHERE = 'target()';
const KNOWN: readonly (keyof GenericTargetOptions)[] = ['clients', 'supply', 'identity'];

/**
 * A target system of any kind: says which clients act on it, and promises nothing. The failure of a change proves
 * nothing there, unless the change has a `verify`.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * target({ clients: [FlagClient] })                              // from the application's container
 * target({ supply: [{ token: FlagClient, value: flagClient }] }) // an instance
 */
export function target(options: GenericTargetOptions): Target {
  validate(options);
  const { clients = [], supply = [], identity } = options;
  const supplied = new Map(supply.map(({ token, value }) => [tokenKey(token), value]));
  return {
    kind: 'generic',
    ...(identity === undefined ? {} : { identity }),
    clients,
    supplies: (token) => supplied.has(tokenKey(token)),
    client(token) {
      const key = tokenKey(token);
      if (!supplied.has(key)) throw new TypeError(`${WHERE} does not supply ${tokenName(token)}`);
      return supplied.get(key);
    },
  };
}

function validate(options: GenericTargetOptions): void {
  const { clients, supply, identity } = options;
  throwProblems([
    ...unknownKeys(options, KNOWN, WHERE),
    ...clientProblems(clients, WHERE),
    ...identityProblems(identity, WHERE),
    ...(supply === undefined || (Array.isArray(supply) && supply.every(isDependency))
      ? []
      : [
          invalidOption(
            WHERE,
            'supply',
            'must be a list of { token, value }',
            'Pass supply: [{ token: FlagClient, value: flagClient }].',
          ),
        ]),
    ...((clients ?? supply) === undefined
      ? [
          invalidOption(
            WHERE,
            'clients',
            'is missing',
            'Say which clients act on the system: clients: [FlagClient].',
          ),
        ]
      : []),
  ]);
}

function isDependency(value: unknown): boolean {
  return isObject(value) && 'token' in value && 'value' in value && isToken(value.token);
}
