import { memoryAuditStore } from '@flamingock/core';
import { createEngine } from '../create-engine.js';
import { FLAMINGOCK_START } from '../flamingock.constants.js';
import { isGiven } from '../given-options.js';
import type { StartFlamingock } from '../start-flamingock.js';
import type { OverridesProviders } from './overrides-providers.js';

/**
 * For tests that are about what the changes leave behind: each compiled module applies all of them, with an audit store
 * in memory, which begins without a ledger, in the place of the application's own. The target systems stay the
 * application's, so they must be new, too. They are applied whatever the start-up mode, those with `runBy: 'cli'` too, and the environment is `test` where none is given.
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

const startInMemory: StartFlamingock = async (options, declaration, features, modules, engines) => {
  const flamingock = await createEngine(
    isGiven(options)
      ? { ...options, environment: options.environment ?? 'test', auditStore: memoryAuditStore() }
      : options,
    declaration,
    features,
    modules,
    engines.asked,
  );
  // As a person does, whatever the mode: what is reserved for the command line is part of what changes leave behind.
  await flamingock.run({ by: 'cli' });
  return flamingock;
};
