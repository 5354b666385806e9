import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of a request: it `pass`es; it is lost before it is executed, or its answer is, with the connection; it is
 * kept, or its answer is: nothing comes, and nothing is closed; or it is answered with an error, and not executed.
 */
export type Fate =
  | 'pass'
  | 'lose-request'
  | 'lose-answer'
  | 'keep-request'
  | 'keep-answer'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** Decides about writes by their method: the first step is a POST, the last one a PUT. */
export type Decide = (method: string) => Fate | Promise<Fate>;

const PASS: Decide = () => 'pass';

/** An API of a gateway, which executes what has the same idempotency key once, and knows how often it has executed what. */
export class FaultyApi {
  readonly #server: Server;
  readonly #values = new Map<string, number>();
  readonly #keys = new Set<string>();
  #port = 0;
  decide = PASS;
  /** Called when something is kept. */
  onKept = (): void => undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      request.resume().once('end', () => void this.#serve(request, response));
    });
  }

  static async start(): Promise<FaultyApi> {
    const api = new FaultyApi();
    await api.up();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How often each write was executed; from now on it has executed nothing. */
  executed(): Readonly<Record<string, number>> {
    const counts = Object.fromEntries(this.#values);
    this.#values.clear();
    this.#keys.clear();
    return counts;
  }

  /** Everything passes again. */
  async up(): Promise<void> {
    this.decide = PASS;
    if (this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody listens, and no connection is left. */
  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    if (method === 'GET') {
      response.writeHead(this.#values.has(url) ? 200 : 404).end();
      return;
    }
    const fate = await this.decide(method);
    if (fate === 'lose-request') request.socket.destroy();
    else if (typeof fate === 'object') response.writeHead(fate.status, fate.headers).end();
    else if (fate === 'keep-request') this.onKept();
    else {
      const key = String(request.headers['idempotency-key'] ?? this.#keys.size);
      if (!this.#keys.has(key)) this.#values.set(url, (this.#values.get(url) ?? 0) + 1);
      this.#keys.add(key);
      if (fate === 'lose-answer') request.socket.destroy();
      else if (fate === 'keep-answer') this.onKept();
      else response.writeHead(204).end();
    }
  }
}
