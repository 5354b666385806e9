import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A system that fails at every request, and tells all of it in its answer. */
export class EchoSystem {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<EchoSystem> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ method, url, headers, body }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EchoSystem(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
