import type { Flamingock } from '@flamingock/core';
import { Injectable, Module } from '@nestjs/common';
import { AskedProviders } from './container/asked-providers.js';

/**
 * The engines of one application. Nest ends the process as soon as one provider fails, so where an engine fails this is not
 * said before no other one is in the middle of a change.
 */
@Injectable()
export class RunningEngines {
  readonly asked = new AskedProviders();
  readonly #runs = new Map<Flamingock, Promise<void>>();
  #failure: { readonly reason: unknown } | undefined;

  /**
   * Makes one of them and runs it. Where one fails, all are closed; when the last one has ended, all of them reject with
   * what the first one has thrown.
   */
  async start(
    create: () => Promise<Flamingock>,
    run: (flamingock: Flamingock) => Promise<void>,
  ): Promise<Flamingock> {
    try {
      const flamingock = await create();
      if (this.#failure !== undefined) throw this.#failure.reason;
      const running = run(flamingock);
      this.#runs.set(flamingock, running);
      await running;
      return flamingock;
    } catch (reason) {
      this.#failure ??= { reason };
      for (const engine of this.#runs.keys()) void engine.close();
      await Promise.allSettled(this.#runs.values());
      throw this.#failure.reason;
    }
  }
}

/** Nest makes a module without options once for each application, whoever imports it. */
@Module({ providers: [RunningEngines], exports: [RunningEngines] })
export class RunningEnginesModule {}
