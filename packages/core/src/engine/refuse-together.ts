import { type FlamingockError, isFlamingockError, throwProblems } from '../errors.js';
import type { Plan } from '../plan/plan.js';
import type { StartParts } from './start-parts.js';

/**
 * Throws what is wrong with a sequence, where anything is, and with it what is wrong with the dependencies of what is
 * pending: whoever has to correct the one need not start again to hear of the other.
 */
export async function refuseTogether(
  problems: readonly FlamingockError[],
  { pending }: Plan,
  { bind, mode }: Pick<StartParts, 'bind' | 'mode'>,
): Promise<void> {
  if (problems.length === 0) return;
  const unbound = mode === 'apply' ? await problemsOf(bind(pending.map(({ change }) => change))) : [];
  throwProblems([...problems, ...unbound]);
}

async function problemsOf(binding: Promise<unknown>): Promise<readonly FlamingockError[]> {
  try {
    await binding;
    return [];
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    return error.problems.length === 0 ? [error] : error.problems;
  }
}
