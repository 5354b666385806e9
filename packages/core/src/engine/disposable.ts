import { FlamingockError } from '../errors.js';

/** Throws `FLG_NOT_DISPOSABLE` where the environment may not be thrown away. */
export function assertDisposable(
  { disposable, key }: { readonly disposable: boolean; readonly key: { readonly environment: string } },
  command: string,
): void {
  if (disposable) return;
  throw new FlamingockError({
    code: 'FLG_NOT_DISPOSABLE',
    message: `${command} is for environments that may be thrown away, and '${key.environment}' is not configured as one. Nothing was done.`,
    hint: `If its ledger and its target systems may be thrown away, say so: environments: { '${key.environment}': { disposable: true } }. Elsewhere undo a change, and declare what is new as a change of its own.`,
  });
}
