import { once } from 'node:events';
import { createServer } from 'node:http';
import { createHosted, readinessAnswer } from '@flamingock/core/hosting';

/**
 * The smallest application of the framework contract: Node's own server on the door for frameworks. It holds traffic as
 * `HOLD` says, or, with `HELD`, as a server that is open at once and answers nobody before it has started.
 */
const SIGNALS = /** @type {const} */ (['SIGTERM', 'SIGINT']);
const { PORT, SYSTEMS = '', THEN, HELD } = process.env;
/** @type {import('../systems.mjs')} */
const { systems } = await import(SYSTEMS);
const { options, hosting, book, close } = systems();
const hosted = createHosted({ ...options, ...hosting }, 'createHosted()');

/** @type {Promise<unknown>} */
let starting = Promise.resolve();
/** @type {Promise<void> | undefined} */
let ending;

const server = createServer((request, response) => {
  void starting.then(async () => {
    const { statusCode, headers, body } = await answerTo(request.url ?? '/');
    response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
});

/**
 * @param {string} url
 * @returns {Promise<{ statusCode: number, headers?: Readonly<Record<string, string>>, body: unknown }>}
 */
async function answerTo(url) {
  const refusal = hosted.refuse(url);
  if (refusal !== undefined) return refusal;
  switch (url) {
    case '/health/live':
      return { statusCode: 200, body: { status: 'ok' } };
    case '/health/ready':
      return readinessAnswer({ flamingock: hosted.flamingock.readiness() });
    case '/orders':
      return { statusCode: 200, body: await book.list() };
    case '/client':
      return { statusCode: 200, body: { used: book.usedByChange } };
    default:
      return { statusCode: 404, body: { status: 404 } };
  }
}

async function listen() {
  server.listen(Number(PORT), '127.0.0.1');
  await once(server, 'listening');
  console.log('listening');
}

async function shutDown() {
  const closed = new Promise((resolve) => server.close(resolve));
  await hosted.flamingock.close();
  await closed;
  await close();
}

/** @param {NodeJS.Signals} signal */
function endOn(signal) {
  const end = async () => {
    ending ??= shutDown();
    await ending;
    process.off(signal, end);
    process.kill(process.pid, signal);
  };
  process.on(signal, end);
}

try {
  starting = hosted.start();
  await (HELD === undefined ? starting.then(listen) : Promise.all([starting, listen()]));
  if (THEN === 'close') await shutDown();
  else for (const signal of SIGNALS) endOn(signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
