import { FlamingockError, throwProblems } from '../errors.js';
import { unknownKeys } from '../known-keys.js';
import { isObject } from '../is-object.js';
import type { Person } from '../operations.js';
import { counts } from './begin-run.js';
import type { EngineContext } from './context.js';
import type { Reading } from './sequence.js';
import { takeTurn, type Turn } from './take-turn.js';

/**
 * Checks what every command of a person needs. Throws `FLG_OPTION_INVALID` and `FLG_OPTION_UNKNOWN`, all together.
 *
 * @param command for messages: `undo()`
 * @param known the keys that the command takes besides actor and reason
 * @param problems what else is wrong, without the name of the command
 */
export function assertPerson(
  command: string,
  options: Person,
  known: readonly string[],
  problems: readonly string[] = [],
): void {
  if (!isObject(options)) throw invalid(command, ['the options must be an object']);
  const missing = (['actor', 'reason'] as const).filter((name) => {
    const value: unknown = options[name];
    return typeof value !== 'string' || value.trim() === '';
  });
  const wrong = [...problems, ...missing.map((name) => `${name} is missing`)];
  throwProblems([
    ...unknownKeys(options, ['actor', 'reason', ...known], command),
    ...(wrong.length === 0 ? [] : [invalid(command, wrong)]),
  ]);
}

/** What is recorded of a person: without registered secrets. */
export function recordedPerson({ redactor }: EngineContext, { actor, reason }: Person): Person {
  return { actor: redactor.redact(actor), reason: redactor.redact(reason) };
}

/** Waits for the lock, whatever is applied meanwhile. */
export async function takePersonsTurn(engine: EngineContext, first: Reading): Promise<Turn> {
  const turn = await takeTurn(engine, first, {
    look: () => false,
    onWait: (holder) => {
      engine.emit({ type: 'waiting', holder, ...counts(first.plan) });
    },
  });
  if (turn === undefined) throw new TypeError('Nothing but the lock ends this wait');
  engine.emit({ type: 'lock-acquired', tookOverFrom: turn.tookOverFrom });
  return turn;
}

function invalid(command: string, wrong: readonly string[]): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `${command}: ${wrong.join('; ')}.`,
    hint: 'Say who decides (actor) and what was found or is wanted (reason); both are recorded.',
  });
}
