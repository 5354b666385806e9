import { connect, createServer } from 'node:net';

/**
 * - `normal`: forwards both ways.
 * - `slow`: forwards both ways, everything `latencyMs` later.
 * - `silent`: forwards nothing any more, and closes nothing.
 * - `mute`: forwards what the client says, and no answer; closes nothing.
 * - `lose-commit`: as `mute`, from the moment on at which a client asks for a commit.
 * - `drop-replies`: forwards what the client says; the first byte of the answer ends the connection.
 * - `refuse`: nobody listens; open connections are cut.
 *
 * @typedef {'normal' | 'slow' | 'silent' | 'mute' | 'lose-commit' | 'drop-replies' | 'refuse'} ProxyMode
 */

/** As it is sent to PostgreSQL, MariaDB and MongoDB. */
const COMMIT = /\bCOMMIT\b|commitTransaction/;

/** @typedef {Awaited<ReturnType<typeof startTcpProxy>>} TcpProxy */

/**
 * A TCP proxy on a free port of 127.0.0.1, before the server at `upstreamUrl`, that misbehaves on demand. A new
 * mode holds for open connections too.
 *
 * @param {string} upstreamUrl
 * @param {{ readonly latencyMs?: number }} [options] default 200
 */
export async function startTcpProxy(upstreamUrl, { latencyMs = 200 } = {}) {
  const { host, hostname, port } = new URL(upstreamUrl);
  const sockets = /** @type {Set<import('node:net').Socket>} */ (new Set());
  let mode = /** @type {ProxyMode} */ ('normal');

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    pipe(client, upstream, {
      passes: () => mode !== 'silent',
      onData(chunk) {
        if (mode === 'lose-commit' && COMMIT.test(chunk.toString('latin1'))) mode = 'mute';
      },
    });
    pipe(upstream, client, {
      passes: () => mode !== 'silent' && mode !== 'mute',
      onData() {
        if (mode === 'drop-replies') client.destroy();
      },
    });
  });

  /**
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   * @param {{ readonly passes: () => boolean, readonly onData?: (chunk: Buffer) => void }} rules `onData` comes before anything is
   *   forwarded
   */
  function pipe(from, to, { passes, onData }) {
    sockets.add(from);
    const forward = (/** @type {() => void} */ action) => {
      if (!passes()) return;
      if (mode === 'slow') setTimeout(action, latencyMs).unref();
      else action();
    };
    from.on('data', (chunk) => {
      onData?.(chunk);
      forward(() => to.writable && to.write(chunk));
    });
    from.on('end', () => {
      forward(() => to.end());
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      forward(() => to.destroy());
    });
  }

  /** @param {number} onPort */
  async function listen(onPort) {
    await new Promise((resolve) => server.listen(onPort, '127.0.0.1', () => resolve(undefined)));
    return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  }

  async function stopListening() {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  const ownPort = await listen(0);
  return {
    /** The upstream's by way of the proxy. */
    url: upstreamUrl.replace(host, `127.0.0.1:${ownPort}`),
    /** @param {ProxyMode} next */
    async setMode(next) {
      mode = next;
      if (mode === 'refuse') await stopListening();
      else if (!server.listening) await listen(ownPort);
    },
    /** Ends every connection. */
    close: stopListening,
  };
}
