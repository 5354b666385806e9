import { FlamingockError } from '@flamingock/core';
import type { Invocation } from '../frame/frame.js';
import { usage } from '../frame/usage.js';
import type { PersonOptions } from './person-options.js';

/**
 * Makes sure that a person means this environment: by `--confirm`, or by typing its name. Throws `FLG_USAGE`, and
 * `FLG_DECLINED` where another name was typed.
 *
 * @param what for the question: `takes the lock away`
 */
export async function confirmed(
  { options: { confirm }, interactive }: Invocation<PersonOptions>,
  environment: string,
  what: string,
): Promise<void> {
  if (confirm === environment) return;
  if (confirm !== undefined)
    throw usage(
      `--confirm says '${confirm}', and the environment is '${environment}'.`,
      `If it is meant: --confirm ${environment}.`,
    );
  if (!interactive)
    throw usage(`This ${what}, and nobody has confirmed it.`, `If it is meant: --confirm ${environment}.`);
  const { askText } = await import('../terminal/questions.js');
  const typed = await askText(`This ${what}. Type the name of the environment to go on:`);
  if (typed.trim() !== environment) throw declined();
}

/** Who decides, and why: by flags, or asked for. Throws `FLG_USAGE` where nobody can be asked. */
export async function personOf({ options, interactive }: Invocation<PersonOptions>): Promise<{
  readonly actor: string;
  readonly reason: string;
}> {
  const missing = (['actor', 'reason'] as const).filter((name) => (options[name] ?? '').trim() === '');
  if (missing.length > 0 && !interactive)
    throw usage(
      `It is not said ${missing.map((name) => (name === 'actor' ? 'who decides' : 'why')).join(' and ')}.`,
      `Add ${missing.map((name) => `--${name} <text>`).join(' and ')}; both are recorded.`,
    );
  const ask = async (name: 'actor' | 'reason', question: string): Promise<string> => {
    const given = options[name];
    if (given !== undefined && !missing.includes(name)) return given;
    const { askText } = await import('../terminal/questions.js');
    return askText(question);
  };
  const actor = await ask('actor', 'Who are you? (recorded)');
  return { actor, reason: await ask('reason', 'Why? (recorded)') };
}

/** The person said no, or left. */
export function declined(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DECLINED',
    message: 'It was not confirmed, so nothing was done.',
    hint: 'Repeat the command when it is meant.',
  });
}
