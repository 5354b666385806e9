import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that the registry itself never gave. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * What becomes of a request. `pass`: it is answered. `lose-request`: the connection ends, and nothing has arrived.
 * `lose-reply`: the registry executes it, and the connection ends. `keep`: nothing arrives, and nothing ends.
 */
export type Fate = 'pass' | 'lose-request' | 'lose-reply' | 'keep-request' | 'keep-reply' | Answer;

/** Decides on a request before it is passed on; `asked` is `POST /subjects/order-events-value/versions`. */
export type Decide = (asked: string) => Fate | Promise<Fate>;

/** A proxy in front of a schema registry, at which somebody decides on every request. */
export class RegistryProxy {
  /** Of the registry by way of it. */
  readonly url: string;
  decide: Decide = () => 'pass';
  /** Called once a request or a reply is kept. */
  onKept: () => void = () => undefined;
  readonly #server;
  readonly #port: number;

  private constructor(server: ReturnType<typeof createServer>, port: number, pathname: string) {
    this.#server = server;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}${pathname}`;
  }

  static async start(upstream: string): Promise<RegistryProxy> {
    const { origin, pathname } = new URL(upstream);
    const server = createServer((incoming, answer) => {
      void handle(incoming, answer);
    });
    await listen(server, 0);
    const proxy = new RegistryProxy(server, (server.address() as AddressInfo).port, pathname);

    async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
      const body = await bodyOf(incoming);
      const path = (incoming.url ?? '').slice(pathname.length).replace(/\?.*$/, '');
      const fate = await proxy.decide(`${incoming.method} ${path}`);
      if (fate === 'keep-request') {
        proxy.onKept();
        return;
      }
      if (fate === 'lose-request') return void incoming.socket.destroy();
      if (typeof fate === 'object') {
        answer.writeHead(fate.status, { 'content-type': 'application/json' }).end(JSON.stringify(fate.body));
        return;
      }
      const { method, headers } = incoming;
      const passed = request(`${origin}${incoming.url}`, { method, headers, agent: false }, (reply) => {
        if (fate === 'lose-reply' || fate === 'keep-reply') {
          reply.resume();
          if (fate === 'keep-reply') proxy.onKept();
          else incoming.socket.destroy();
          return;
        }
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      });
      passed.on('error', () => incoming.socket.destroy());
      passed.end(body);
    }
    return proxy;
  }

  /** Nobody listens any more; open connections are cut. */
  async down(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** It listens again, and everything passes. */
  async up(): Promise<void> {
    this.decide = () => 'pass';
    if (!this.#server.listening) await listen(this.#server, this.#port);
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
