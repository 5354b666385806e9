import type { Container, Token } from '@flamingock/core';
import { Logger } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { Resolve } from './resolver.js';

/** Nest's dependency injection, as the engine asks it for what changes ask for. */
export function nestContainer(modules: ModulesContainer, resolve: Resolve): Container {
  return {
    name: 'Nest',
    hint: 'Add it to the providers of a module of the application',
    effectFree: [Logger, ...configService(modules)],
    resolve: ({ token, change, position, scope }) =>
      resolve({ token, asker: `${change} (${position})`, scope }),
  };
}

/**
 * The class of `@nestjs/config`, without importing a library that the application may not have: its module
 * `ConfigHostModule` makes the one instance.
 */
function configService(modules: ModulesContainer): readonly Token[] {
  const host = [...modules.values()].find(({ name }) => name === 'ConfigHostModule');
  const classes = [...(host?.providers.values() ?? [])].map(({ metatype }) => metatype);
  return classes.filter((metatype) => metatype?.name === 'ConfigService') as Token[];
}
