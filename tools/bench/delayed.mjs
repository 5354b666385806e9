import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { startTcpProxy } from '../services/tcp-proxy.mjs';

/**
 * The same database behind a network: a proxy that delays both ways. In a thread of its own, so that it does not wait
 * while a candidate computes.
 *
 * @param {string} url
 * @param {number} roundTripMs 0: no proxy
 * @returns {Promise<{ url: string, close: () => Promise<unknown> }>}
 */
export async function delayed(url, roundTripMs) {
  if (roundTripMs === 0) return { url, close: async () => {} };
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, latencyMs: roundTripMs / 2 } });
  const [address] = await once(worker, 'message');
  return { url: address, close: () => worker.terminate() };
}

if (!isMainThread && parentPort !== null) {
  const proxy = await startTcpProxy(workerData.url, { latencyMs: workerData.latencyMs });
  await proxy.setMode('slow');
  parentPort.postMessage(proxy.url);
}
