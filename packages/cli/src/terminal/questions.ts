import { FlamingockError } from '@flamingock/core';

// Questions are no data: they go to stderr.
const where = { output: process.stderr };

/** Asks for a text that is not empty. Throws `FLG_DECLINED` where the person leaves. */
export async function askText(message: string): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return unlessLeft(input({ message, validate: (typed) => typed.trim() !== '' || 'Type something.' }, where));
}

/** Asks to choose. Throws `FLG_DECLINED` where the person leaves. */
export async function askChoice<T>(
  message: string,
  choices: readonly { readonly value: T; readonly name: string; readonly description?: string }[],
): Promise<T> {
  const { select } = await import('@inquirer/prompts');
  return unlessLeft(select<T>({ message, choices: [...choices] }, where));
}

async function unlessLeft<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
    throw new FlamingockError({
      code: 'FLG_DECLINED',
      message: 'The question was left without an answer, so nothing was done.',
      hint: 'Repeat the command when it is meant.',
    });
  }
}
