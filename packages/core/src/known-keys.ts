import { FlamingockError } from './errors.js';
import { nearest } from './nearest.js';

/**
 * One `FLG_OPTION_UNKNOWN` for each own key that is not known, with the nearest known one in its hint.
 *
 * @param where what the object is, for the message: `createFlamingock()`, `@Change() of AddColumn`
 */
export function unknownKeys(value: object, known: readonly string[], where: string): FlamingockError[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  return unknown.map((key) => {
    const meant = nearest(key, known);
    return new FlamingockError({
      code: 'FLG_OPTION_UNKNOWN',
      message: `${where} does not know the option '${key}'.`,
      hint: meant === undefined ? `Known options: ${known.join(', ')}.` : `Did you mean '${meant}'?`,
    });
  });
}
