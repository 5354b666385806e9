import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlatformError, systemErrorCode } from '../errors.js';

const HOST = '127.0.0.1';

/** A server on one port of 127.0.0.1 that can be closed and opened again. Port 0 is decided once, at the first opening. */
export class Listener {
  readonly #server: Server;
  readonly #purpose: string;
  #port: number;

  /** `purpose` tells in an error what the port is for. */
  constructor(server: Server, port: number, purpose: string) {
    this.#server = server;
    this.#port = port;
    this.#purpose = purpose;
  }

  get url(): string {
    return `http://${HOST}:${this.#port}`;
  }

  /** Listens; nothing happens where it does already. Throws `PLATFORM_PORT_UNAVAILABLE`. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, HOST, () => {
        this.#server.off('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      throw this.#portUnavailable(systemErrorCode(error));
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections from now on and destroys the open ones; resolves when all are gone. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  #portUnavailable(code: string): PlatformError {
    const reason = code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be opened (${code})`;
    return new PlatformError(
      'PLATFORM_PORT_UNAVAILABLE',
      `Port ${this.#port} of ${HOST}, meant for ${this.#purpose}, ${reason}.`,
      'Stop what uses the port, or choose another one; 0 picks a free one.',
    );
  }
}
