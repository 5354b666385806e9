import { once } from 'node:events';
import { createServer } from 'node:http';
import { createHosted, readinessAnswer } from '@flamingock/core/hosting';

const SIGNALS = /** @type {const} */ (['SIGTERM', 'SIGINT']);

/**
 * @typedef {ReturnType<import('../systems.mjs').systems>} Systems
 * @typedef {import('@flamingock/core/hosting').Hosted} Hosted
 * @typedef {{ statusCode: number, headers?: Readonly<Record<string, string>>, body: unknown }} Answer
 */

/** What an application does in its own way. The defective ones do one of these badly. */
export class Manners {
  /**
   * @param {Systems} systems
   * @returns {Partial<Systems['options'] & import('@flamingock/core').FlamingockOptions>}
   */
  engineOptions(systems) {
    return systems.options;
  }

  /**
   * @param {Hosted} hosted
   * @param {string} url
   * @returns {Answer | undefined}
   */
  refuse(hosted, url) {
    return hosted.refuse({ method: 'GET', url });
  }

  /**
   * @param {Hosted} hosted
   * @returns {Answer}
   */
  readiness(hosted) {
    return readinessAnswer({ flamingock: hosted.flamingock.readiness() });
  }

  /**
   * Where the port is open and nobody is answered before the start is over.
   *
   * @param {Promise<unknown>} starting
   * @returns {Promise<unknown>}
   */
  hold(starting) {
    return starting;
  }

  /** @param {unknown} error */
  failed(error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }

  /** @param {() => Promise<void>} shutDown */
  endOnSignals(shutDown) {
    /** @type {Promise<void> | undefined} */
    let ending;
    for (const signal of SIGNALS) {
      const end = () => {
        ending ??= shutDown().then(() => {
          process.off(signal, end);
          process.kill(process.pid, signal);
        });
      };
      process.on(signal, end);
    }
  }
}

/**
 * The smallest application of the framework contract: Node's own server on the door for frameworks. It holds traffic as
 * `HOLD` says, or, with `HELD`, as a server that is open at once and answers nobody before it has started.
 */
export async function serve(manners = new Manners()) {
  const { PORT, SYSTEMS = '', THEN, HELD } = process.env;
  /** @type {import('../systems.mjs')} */
  const { systems } = await import(SYSTEMS);
  const parts = systems();
  const options = /** @type {Systems['options']} */ (manners.engineOptions(parts));
  const hosted = createHosted({ ...options, ...parts.hosting }, 'createHosted()');

  /**
   * @param {string} url
   * @returns {Promise<Answer>}
   */
  const answerTo = async (url) => {
    const refusal = manners.refuse(hosted, url);
    if (refusal !== undefined) return refusal;
    switch (url) {
      case '/health/live':
        return { statusCode: 200, body: { status: 'ok' } };
      case '/health/ready':
        return manners.readiness(hosted);
      case '/orders':
        return { statusCode: 200, body: await parts.book.list() };
      case '/client':
        return { statusCode: 200, body: { used: parts.book.usedByChange } };
      default:
        return { statusCode: 404, body: { status: 404 } };
    }
  };

  const starting = hosted.start();
  const server = createServer((request, response) => {
    const answering = manners.hold(starting).then(() => answerTo(request.url ?? '/'));
    answering
      .catch(() => ({ statusCode: 500, headers: {}, body: { status: 500 } }))
      .then(({ statusCode, headers, body }) => {
        response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(body));
      }, console.error);
  });
  const listen = async () => {
    server.listen(Number(PORT), '127.0.0.1');
    await once(server, 'listening');
    console.log('listening');
  };
  const shutDown = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await hosted.flamingock.close();
    await closed;
    await parts.close();
  };

  try {
    await (HELD === undefined ? starting.then(listen) : Promise.all([starting, listen()]));
    if (THEN === 'close') await shutDown();
    else manners.endOnSignals(shutDown);
  } catch (error) {
    manners.failed(error);
  }
}
