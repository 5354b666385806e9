import { FlamingockError, throwProblems, unknownKeys } from '@flamingock/core/spi';

/** What an option of an intention must be. */
export type Rule = readonly [is: (value: unknown) => boolean, must: string];

/**
 * Checks what an intention is told, when the change is declared. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all
 * problems together.
 */
export function checkWanted(where: string, wanted: object, rules: Readonly<Record<string, Rule>>): void {
  throwProblems([
    ...unknownKeys(wanted, Object.keys(rules), where),
    ...Object.entries(rules)
      .filter(([key, [is]]) => !is((wanted as Readonly<Record<string, unknown>>)[key]))
      .map(
        ([key, [, must]]) =>
          new FlamingockError({
            code: 'FLG_OPTION_INVALID',
            message: `${where}: ${key} must be ${must}.`,
            hint: 'Correct it where the change is declared.',
          }),
      ),
  ]);
}

export const topicName: Rule = [
  (value) => typeof value === 'string' && /^[\w.-]{1,249}$/.test(value) && !/^\.{1,2}$/.test(value),
  'the name of a topic: letters, digits, `.`, `_` and `-`, at most 249',
];

export const count: Rule = [
  (value) => Number.isInteger(value) && Number(value) > 0,
  'a whole number above 0',
];

export const flag: Rule = [(value) => value === undefined || typeof value === 'boolean', 'true or false'];

/** The same, where it may be left out. */
export function optional([is, must]: Rule): Rule {
  return [(value) => value === undefined || is(value), must];
}
