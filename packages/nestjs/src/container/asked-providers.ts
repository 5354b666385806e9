import type { NestProvider } from './module-graph.js';

/**
 * What the engines of one application wait for just now. Nest does not know that an engine waits for a provider, so without
 * this two engines that wait for each other could not be told from two that are slow.
 */
export class AskedProviders {
  readonly #asked = new Set<{ readonly engine: string; readonly provider: NestProvider }>();

  /** Notes that an engine waits for a provider as long as the answer takes. */
  async during<T>(engine: string, provider: NestProvider, answer: () => Promise<T>): Promise<T> {
    const asking = { engine, provider };
    this.#asked.add(asking);
    try {
      return await answer();
    } finally {
      this.#asked.delete(asking);
    }
  }

  /**
   * @param token of an engine; nobody else has asked for anything
   */
  by(token: unknown): readonly NestProvider[] {
    return [...this.#asked].filter(({ engine }) => engine === token).map(({ provider }) => provider);
  }
}
