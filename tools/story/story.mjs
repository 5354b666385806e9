import { writeFile } from 'node:fs/promises';
import { OrdersRelease, freePort } from '../../e2e/harness/orders.mjs';
import { Platform } from '../../e2e/harness/platform.mjs';
import { writeFifthChange } from './fifth-change.mjs';

const READY = /^ready on (?<url>\S+)/;
const WAITING = /waiting for/i;

/**
 * What one start of the application came to.
 *
 * @typedef {object} Start
 * @property {number} processId
 * @property {string} output everything that it wrote
 * @property {number | null} exitCode `null`: it became ready
 * @property {boolean} portOpened whether anybody ever answered on its port
 */

/**
 * What was seen while the story was played. Requests are from the platform's own logs, in their order.
 *
 * @typedef {object} StoryFacts
 * @property {Start} refused the start while the contract service was down
 * @property {Start} resumed the next one, with the contract service back
 * @property {Record<'registry' | 'contracts' | 'gateway', string[]>} requests of these two starts together
 * @property {unknown[]} orders as the application lists them after the resumed start
 * @property {Start} repeated one more, with nothing left to do
 * @property {number} requestsOfRepeated how many it sent
 * @property {readonly Start[]} replicas of the next release, started together
 * @property {number} portsOpenedEarly of the replicas, before the fifth change was applied
 * @property {string[]} requestsOfReplicas what all three together sent to the contract service
 */

/**
 * Who tells the story to a person.
 *
 * @typedef {object} Narrator
 * @property {(text: string) => void} scene
 * @property {(title: string, lines: readonly string[]) => void} quote
 */

/**
 * Plays the failure of the worked example with real processes: the contract service is down, comes back, and then
 * three replicas of the next release start together.
 *
 * @param {import('../../e2e/harness/sandbox.mjs').Sandbox} sandbox
 * @param {'unavailable' | 'refusing'} outage how the contract service is down: it answers 503, or nobody listens
 * @param {Narrator} narrator
 * @returns {Promise<StoryFacts>}
 */
export async function playStory(sandbox, outage, narrator) {
  const platform = await Platform.start(sandbox);
  const release = new OrdersRelease(sandbox, platform.urls);

  narrator.scene('The contract service is down. The application is started.');
  await platform.switchTo('contracts', outage);
  const { start: refused } = await startOnce(sandbox, release, narrator);

  narrator.scene('The contract service is back. The application is started again.');
  await platform.switchTo('contracts', 'up');
  const { start: resumed, orders } = await startOnce(sandbox, release, narrator);
  const requests = {
    registry: await platform.requests('registry'),
    contracts: await platform.requests('contracts'),
    gateway: await platform.requests('gateway'),
  };
  narrator.quote(
    "the platform's own log",
    Object.entries(requests).flatMap(([service, lines]) => lines.map((line) => `${service}: ${line}`)),
  );

  narrator.scene('And once more, with nothing left to do.');
  const { start: repeated } = await startOnce(sandbox, release, narrator);
  const requestsOfRepeated = (await platform.allRequests()).length - Object.values(requests).flat().length;

  narrator.scene('The next release brings a fifth change. Three replicas of it are started together.');
  const { replicas, portsOpenedEarly } = await startReplicas(sandbox, release, narrator);
  const requestsOfReplicas = (await platform.requests('contracts')).slice(requests.contracts.length);
  narrator.quote("the contract service's own log", requestsOfReplicas);

  return {
    refused,
    resumed,
    requests,
    orders,
    repeated,
    requestsOfRepeated,
    replicas,
    portsOpenedEarly,
    requestsOfReplicas,
  };
}

/**
 * Starts the application, waits until it is ready or has ended, asks for its orders if it is ready, and ends it.
 *
 * @param {import('../../e2e/harness/sandbox.mjs').Sandbox} sandbox
 * @param {OrdersRelease} release
 * @param {Narrator} narrator
 */
async function startOnce(sandbox, release, narrator) {
  const port = await freePort();
  const watch = sandbox.watchPort(port);
  const child = release.start(port);
  const url = (await child.lineOrEnd(READY))?.groups?.['url'];
  if (url !== undefined) await watch.answered;
  const orders =
    url === undefined ? [] : /** @type {unknown[]} */ (await (await fetch(`${url}/orders`)).json());
  await watch.stop();
  const start = startOf(child, watch.opened);
  narrator.quote('node dist/main.js', linesUntilReady(start));
  await child.stop();
  return { start, orders };
}

/**
 * Starts three replicas of the next release. The fifth change goes on when two of them have said that they wait.
 *
 * @param {import('../../e2e/harness/sandbox.mjs').Sandbox} sandbox
 * @param {OrdersRelease} release
 * @param {Narrator} narrator
 */
async function startReplicas(sandbox, release, narrator) {
  const goAhead = sandbox.path('go-ahead');
  const next = await release.next((changes) => writeFifthChange(changes, goAhead));
  const started = [];
  for (let count = 0; count < 3; count += 1) {
    const port = await freePort();
    started.push({ watch: sandbox.watchPort(port), child: next.start(port) });
  }

  await atLeast(
    2,
    started.map(({ child }) => child.line(WAITING)),
  );
  const portsOpenedEarly = started.filter(({ watch }) => watch.opened).length;
  await writeFile(goAhead, '');

  await Promise.all(started.map(({ child, watch }) => Promise.all([child.line(READY), watch.answered])));
  const replicas = started.map(({ child, watch }) => startOf(child, watch.opened));
  for (const [index, replica] of replicas.entries()) {
    narrator.quote(`replica ${index + 1}, process ${replica.processId}`, linesUntilReady(replica));
  }
  await Promise.all(started.map(({ child }) => child.stop()));
  return { replicas, portsOpenedEarly };
}

/**
 * @param {import('../../e2e/harness/child.mjs').Child} child
 * @param {boolean} portOpened
 * @returns {Start}
 */
function startOf(child, portOpened) {
  return { processId: child.processId, output: child.output, exitCode: child.exitCode, portOpened };
}

/**
 * What follows is a tip what to try, which nobody needs twice.
 *
 * @param {Start} start
 */
function linesUntilReady({ output }) {
  const lines = output.split('\n');
  const ready = lines.findIndex((line) => READY.test(line));
  return ready === -1 ? lines : lines.slice(0, ready + 1);
}

/**
 * Resolves when so many have; rejects when too many have rejected for that.
 *
 * @param {number} count
 * @param {readonly Promise<unknown>[]} promises
 * @returns {Promise<void>}
 */
async function atLeast(count, promises) {
  if (count === 0) return;
  const first = await Promise.any(
    promises.map(async (promise, index) => {
      await promise;
      return index;
    }),
  );
  await atLeast(
    count - 1,
    promises.filter((_, index) => index !== first),
  );
}
