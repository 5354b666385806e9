import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * @typedef {object} Backend
 * @property {URL} url
 * @property {boolean} ready what its probe said last
 */

/**
 * A load balancer as a cluster has one: it sends each request to one of the backends whose readiness probe was up when it
 * was last asked, in turns, and tries none a second time.
 */
export class LoadBalancer {
  /** How many requests were answered by which release, by the header `x-release`. */
  answered = /** @type {Map<string, number>} */ (new Map());
  #backends = /** @type {Set<Backend>} */ (new Set());
  #turn = 0;
  #closed = false;
  // Connections that nobody uses are given up before a backend does so by itself.
  #agent = new Agent({ keepAlive: true, timeout: 2000 });
  #server = createServer((incoming, outgoing) => {
    this.#pass(incoming, outgoing);
  });

  /**
   * @param {{ onClose(closer: () => Promise<unknown>): void }} sandbox
   * @returns {Promise<LoadBalancer>}
   */
  static async start(sandbox) {
    const balancer = new LoadBalancer();
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    sandbox.onClose(() => balancer.#close());
    return balancer;
  }

  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `http://127.0.0.1:${port}`;
  }

  /**
   * From now on its probe is asked.
   *
   * @param {string} url
   * @returns {() => boolean} whether it is sent requests at this moment
   */
  add(url) {
    const backend = { url: new URL(url), ready: false };
    this.#backends.add(backend);
    void this.#probe(backend);
    return () => backend.ready;
  }

  /** @param {Backend} backend */
  async #probe(backend) {
    while (!this.#closed) {
      backend.ready = await fetch(new URL('/health/ready', backend.url)).then(
        ({ ok }) => ok,
        () => false,
      );
      await pause(50);
    }
  }

  /**
   * @param {import('node:http').IncomingMessage} incoming
   * @param {import('node:http').ServerResponse} outgoing
   */
  #pass(incoming, outgoing) {
    const ready = [...this.#backends].filter(({ ready }) => ready);
    this.#turn += 1;
    const backend = ready[this.#turn % ready.length];
    if (backend === undefined) {
      outgoing.writeHead(503).end();
      return;
    }
    const { method, url, headers } = incoming;
    const { hostname, port } = backend.url;
    const passing = request({ hostname, port, method, path: url, headers, agent: this.#agent });
    passing.on('response', (response) => {
      const release = String(response.headers['x-release']);
      this.answered.set(release, (this.answered.get(release) ?? 0) + 1);
      const { connection, ...kept } = response.headers;
      outgoing.writeHead(response.statusCode ?? 502, kept);
      response.pipe(outgoing);
    });
    passing.on('error', ({ message }) => {
      outgoing.writeHead(502).end(message);
    });
    incoming.pipe(passing);
  }

  async #close() {
    this.#closed = true;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }
}
