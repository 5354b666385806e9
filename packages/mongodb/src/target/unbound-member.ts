import { FlamingockError } from '@flamingock/core/spi';

/** What would leave the transaction of a change. */
export function unboundMember(name: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEPENDENCY_UNBOUND',
    message: `${name} has no form that belongs to the transaction of the change.`,
    hint: 'Use an operation that works inside a transaction, or say transactional: false.',
  });
}
