import { createFlamingock, type Flamingock, memoryAuditStore } from '@flamingock/core';
import { FLAMINGOCK_FEATURE_CHECK, FLAMINGOCK_OPTIONS, FLAMINGOCK_START } from '../flamingock.constants.js';
import type { OverridesProviders } from './overrides-providers.js';

/**
 * For tests that are about something else: the application is made without its changes, and no audit store and no target
 * system is sent anything. Holds for all instances of the application, whatever their options are made of, and for a
 * feature module that is tested without the module that runs its changes. Who injects the engine is given one that is
 * switched off, and ready.
 *
 * @returns the builder that it was given
 *
 * @example
 * const module = await withoutFlamingock(Test.createTestingModule({ imports: [AppModule] })).compile();
 */
export function withoutFlamingock<Builder extends OverridesProviders>(builder: Builder): Builder {
  // Not even the factory of the options is called: it may well open a connection.
  builder.overrideProvider(FLAMINGOCK_OPTIONS).useValue({});
  builder.overrideProvider(FLAMINGOCK_START).useValue(startSwitchedOff);
  builder.overrideProvider(FLAMINGOCK_FEATURE_CHECK).useValue(true);
  return builder;
}

async function startSwitchedOff(): Promise<Flamingock> {
  const flamingock = createFlamingock({
    service: 'switched-off',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: {},
    changes: [],
    mode: 'off',
    logger: false,
  });
  await flamingock.run();
  return flamingock;
}
