import { createServer } from 'node:http';

/**
 * A system that counts: `POST /<group>/<name>` adds one effect, `GET` answers how many of that name there are. Open from
 * {@link EffectCounter.start} to `close()`.
 */
export class EffectCounter {
  #effects = /** @type {Map<string, string[]>} */ (new Map());
  #server = createServer((request, response) => {
    const [, group = '', name = ''] = (request.url ?? '').split('/');
    const effects = this.#effects.get(group) ?? [];
    this.#effects.set(group, effects);
    if (request.method === 'POST') effects.push(name);
    response.setHeader('content-type', 'application/json');
    response.end(String(effects.filter((one) => one === name).length));
  });

  static async start() {
    const counter = new EffectCounter();
    // A client that is slow would use a connection that is closed right then, and could not tell whether it was heard.
    counter.#server.keepAliveTimeout = 0;
    await new Promise((resolve) => counter.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    return counter;
  }

  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `http://127.0.0.1:${port}`;
  }

  /**
   * The names of a group's effects, oldest first.
   *
   * @param {string} group
   */
  of(group) {
    return [...(this.#effects.get(group) ?? [])];
  }

  /** @returns {Promise<unknown>} */
  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
