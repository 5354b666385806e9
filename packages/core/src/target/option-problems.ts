import { FlamingockError } from '../errors.js';
import { isObject } from '../is-object.js';

/** One `FLG_OPTION_INVALID`; what was passed is not repeated in it, because it may be a secret. */
export function invalidOption(where: string, option: string, what: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message: `${where}: ${option} ${what}.`, hint });
}

/** Checks `clients`, the classes and tokens of the application's own clients. */
export function clientProblems(clients: unknown, where: string): FlamingockError[] {
  if (clients === undefined || (Array.isArray(clients) && clients.every(isToken))) return [];
  return [
    invalidOption(
      where,
      'clients',
      'must be a list of classes and tokens',
      'Pass clients: [FlagClient]. In a cycle of imports a class is still undefined.',
    ),
  ];
}

/** Checks `identity`, which is recorded and must hold no secret. */
export function identityProblems(identity: unknown, where: string): FlamingockError[] {
  if (identity === undefined) return [];
  if (typeof identity !== 'string' || identity.trim() === '') {
    return [
      invalidOption(
        where,
        'identity',
        'must be a text',
        'Say which system it is, for instance its host name, or leave it out.',
      ),
    ];
  }
  if (/\/\/[^\s/]*@/.test(identity)) {
    return [
      invalidOption(
        where,
        'identity',
        'holds credentials',
        'It is recorded in the ledger: leave user and password out of it.',
      ),
    ];
  }
  return [];
}

/** Tells whether something can stand for a dependency. */
export function isToken(value: unknown): boolean {
  if (typeof value === 'object') return isObject(value) && 'key' in value && isToken(value.key);
  return (
    typeof value === 'function' || typeof value === 'symbol' || (typeof value === 'string' && value !== '')
  );
}
