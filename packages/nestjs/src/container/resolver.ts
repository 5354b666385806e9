import type { Token } from '@flamingock/core';
import type { InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { instanceOf } from './instance-of.js';
import { candidates } from './module-graph.js';
import { ambiguousProvider } from './provider-errors.js';

/**
 * Finds what the application provides under a token; `undefined` when it provides nothing.
 *
 * @param asker for messages: `_0003__UpdateOrderApiResponse (apply() parameter 1)`
 */
export type Resolve = (
  token: Token | InjectionToken,
  asker: string,
) => Promise<{ readonly value: unknown } | undefined>;

/** @param timeoutMs how long a provider may take until it is ready */
export function resolver(modules: ModulesContainer, timeoutMs: number): Resolve {
  return async (token, asker) => {
    const providers = candidates(modules, typeof token === 'object' ? token.key : token);
    const values = await Promise.all(providers.map((provider) => instanceOf(provider, asker, timeoutMs)));
    // Modules may well provide the same instance, as each `forFeature` of a library does.
    if (new Set(values).size > 1) throw ambiguousProvider(asker, providers);
    return values.length === 0 ? undefined : { value: values[0] };
  };
}
