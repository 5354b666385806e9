import { setTimeout as pause } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { AskedProviders } from './asked-providers.js';
import type { NestProvider } from './module-graph.js';
import { lateProvider, scopedProvider, waitingProvider } from './provider-errors.js';
import { pathToEngine, pathToPending, pathToScoped } from './waits-for.js';

const LOOK_EVERY_MS = 50;

/** Who asks, and for how long. */
interface Asking {
  /** For messages: `_0003__UpdateOrderApiResponse (apply() parameter 1)`. */
  readonly asker: string;
  /** The token of the engine that waits for the answer. */
  readonly engine: string;
  readonly timeoutMs: number;
  /** What all engines of the application wait for. */
  readonly asked: AskedProviders;
}

/**
 * The application's own instance, through Nest's injector, also while it is still instantiating.
 *
 * Throws `FLG_DEPENDENCY_SCOPE` for a provider without a single instance, `FLG_DEPENDENCY_CYCLE` for one that
 * waits for the run, and `FLG_DEPENDENCY_UNRESOLVED` when it is not ready in time. A provider that fails throws
 * its own error.
 */
export function instanceOf(provider: NestProvider, asking: Asking): Promise<unknown> {
  return asking.asked.during(asking.engine, provider, () => answered(provider, asking));
}

async function answered(
  provider: NestProvider,
  { asker, engine, timeoutMs, asked }: Asking,
): Promise<unknown> {
  const deadline = performance.now() + timeoutMs;
  const instance = settled(injected(provider));
  for (;;) {
    const outcome = await Promise.race([instance, pause(LOOK_EVERY_MS, undefined)]);
    // Asked again each time: the injector notes dependencies only when it comes to them.
    const scoped = pathToScoped(provider);
    if (scoped !== undefined) throw scopedProvider(asker, scoped);
    if (outcome?.status === 'fulfilled') return outcome.value;
    const cycle = pathToEngine(provider, engine, asked);
    if (cycle !== undefined) throw waitingProvider(asker, cycle);
    if (outcome?.status === 'rejected') throw outcome.reason;
    if (performance.now() >= deadline) throw lateProvider(asker, pathToPending(provider, asked), timeoutMs);
  }
}

/**
 * `ModuleRef.create` gives a class what its constructor declares, and awaits it. It is asked of the module that
 * owns the provider, so that the provider need not be exported.
 */
async function injected(provider: NestProvider): Promise<unknown> {
  class FlamingockDependency {
    constructor(readonly value: unknown) {}
  }
  Inject(provider.token)(FlamingockDependency, undefined, 0);
  const moduleRef = provider.host?.providers.get(ModuleRef)?.instance as ModuleRef;
  const { value } = await moduleRef.create(FlamingockDependency);
  // Within a circle of forward references Nest hands out instances whose constructor has not run yet.
  const failure = await provider.settlementSignal?.asPromise();
  if (failure !== undefined) throw failure as Error;
  return value;
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}
