import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What becomes of a request: it `pass`es; it is lost before the broker has it, or its reply is, with the connection; it is
 * kept, or its reply is: nothing of it goes on, and nothing is closed.
 */
export type Fate = 'pass' | 'lose-request' | 'lose-reply' | 'keep-request' | 'keep-reply';

/** Decides about requests by their key in the protocol. */
export type Decide = (apiKey: number) => Fate | Promise<Fate>;

const PASS: Decide = () => 'pass';

/** A proxy that reads what clients of Kafka ask for. They come to it whatever the broker says of itself. */
export class KafkaProxy {
  readonly #upstream: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;
  decide = PASS;
  /** Called when something is kept. */
  onKept = (): void => undefined;

  private constructor(address: string) {
    const [host = '', port = ''] = address.split(':');
    this.#upstream = { host, port: Number(port) };
    this.#server = createServer((client) => {
      this.#serve(client);
    });
  }

  static async start(address: string): Promise<KafkaProxy> {
    const proxy = new KafkaProxy(address);
    await proxy.up();
    return proxy;
  }

  get port(): number {
    return this.#port;
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
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    const broker = connect(this.#upstream);
    let reply: 'pass' | 'lose' | 'keep' = 'pass';
    const end = (): void => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', end).on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    broker.on('data', (chunk) => {
      if (reply === 'lose') end();
      else if (reply === 'keep') this.onKept();
      else client.write(chunk);
    });
    let rest: Buffer = Buffer.alloc(0);
    let turn = Promise.resolve();
    client.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE()) {
        const request = rest.subarray(0, 4 + rest.readInt32BE());
        rest = rest.subarray(request.length);
        turn = turn.then(async () => {
          const fate = await this.decide(request.readInt16BE(4));
          if (fate === 'lose-request') end();
          else if (fate === 'keep-request') this.onKept();
          else {
            reply = fate === 'lose-reply' ? 'lose' : fate === 'keep-reply' ? 'keep' : 'pass';
            broker.write(request);
          }
        });
      }
    });
  }
}
