import type { Token } from '@flamingock/core';
import type { InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { getFlamingockToken } from '../flamingock.decorators.js';
import type { AskedProviders } from './asked-providers.js';
import { instanceOf } from './instance-of.js';
import { candidates } from './module-graph.js';
import { ambiguousProvider } from './provider-errors.js';

/** What is looked for in the application. */
interface ResolveRequest {
  readonly token: Token | InjectionToken;
  /** For messages: `_0003__UpdateOrderApiResponse (apply() parameter 1)`. */
  readonly asker: string;
  /** The feature whose change asks: what the module that imports it sees comes first. */
  readonly scope?: unknown;
}

/** Finds what the application provides under a token; `undefined` when it provides nothing. */
export type Resolve = (request: ResolveRequest) => Promise<{ readonly value: unknown } | undefined>;

/**
 * @param asked what all engines of the application wait for
 * @param name of the instance that asks
 * @param timeoutMs how long a provider may take until it is ready
 */
export function resolver(
  modules: ModulesContainer,
  asked: AskedProviders,
  name: string | undefined,
  timeoutMs: number,
): Resolve {
  const engine = getFlamingockToken(name);
  return async ({ token, asker, scope }) => {
    const key = typeof token === 'object' ? token.key : token;
    const providers = candidates(modules, key, { name, scope });
    const values = await Promise.all(
      providers.map((provider) => instanceOf(provider, { asker, engine, timeoutMs, asked })),
    );
    // Modules may well provide the same instance, as each `forFeature` of a library does.
    if (new Set(values).size > 1) throw ambiguousProvider(asker, providers);
    return values.length === 0 ? undefined : { value: values[0] };
  };
}
