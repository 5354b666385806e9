import { memoryAuditStore } from '@flamingock/core';
import { FLAMINGOCK_START } from '../flamingock.constants.js';
import { type StartFlamingock, startFlamingock } from '../start-flamingock.js';
import type { OverridesProviders } from './overrides-providers.js';

/**
 * For tests that are about what the changes leave behind: each compiled module applies all of them, with an audit store
 * in memory, which begins without a ledger, in the place of the application's own. The target systems stay the
 * application's, so they must be new, too. The start-up mode is `apply`, and the environment is `test` where none is given.
 *
 * @returns the builder that it was given
 *
 * @example
 * const module = await withFlamingockInMemory(Test.createTestingModule({ imports: [AppModule] })).compile();
 */
export function withFlamingockInMemory<Builder extends OverridesProviders>(builder: Builder): Builder {
  builder.overrideProvider(FLAMINGOCK_START).useValue(startInMemory);
  return builder;
}

const startInMemory: StartFlamingock = (options, ...parts) =>
  startFlamingock(
    {
      ...options,
      environment: options.environment ?? 'test',
      auditStore: memoryAuditStore(),
      mode: 'apply',
    },
    ...parts,
  );
