import { channel } from 'node:diagnostics_channel';
import { expect, test } from '@jest/globals';
import { AttemptTraffic } from './attempt-traffic.js';
import { watch } from './watch.js';

/** What undici publishes about a request that ends before a byte of it was seen on its way. */
function failedUnseen(error: Error, connectError: Error): AttemptTraffic {
  const traffic = new AttemptTraffic({ rejects: () => false });
  const stop = watch(traffic, () => 'attempt');
  const request = { method: 'POST', origin: 'http://contracts', upgrade: null };
  channel('undici:request:create').publish({ request });
  channel('undici:client:connectError').publish({ error: connectError });
  channel('undici:request:error').publish({ request, error });
  stop();
  return traffic;
}

test('a request that failed is not sent only where its connection failed', () => {
  const refused = new Error('refused');
  expect(failedUnseen(refused, refused).evidence()).toEqual({ proof: 'not-sent', settled: true });
  // Undici 5 and 6 do not tell when a request over HTTP/2 begins to be sent.
  expect(failedUnseen(new Error('reset'), refused).evidence()).toEqual({ proof: 'none', settled: false });
});

test('a body that went out proves that it was sent, whatever became of the connection since', () => {
  const traffic = new AttemptTraffic({ rejects: () => false });
  const stop = watch(traffic, () => 'attempt');
  const request = { method: 'POST', origin: 'http://contracts', upgrade: null };
  const error = new Error('refused');
  channel('undici:request:create').publish({ request });
  channel('undici:request:bodySent').publish({ request });
  channel('undici:client:connectError').publish({ error });
  channel('undici:request:error').publish({ request, error });
  stop();
  expect(traffic.evidence()).toEqual({ proof: 'none', settled: false });
});

test('a WebSocket is no read, although it begins with GET', () => {
  const traffic = new AttemptTraffic({ rejects: () => true });
  const stop = watch(traffic, () => 'attempt');
  const socket = { method: 'GET', origin: 'http://contracts', upgrade: 'websocket' };
  const write = { method: 'POST', origin: 'http://contracts', upgrade: null };
  for (const request of [socket, write]) channel('undici:request:create').publish({ request });
  channel('undici:request:trailers').publish({ request: socket });
  channel('undici:request:headers').publish({ request: write, response: { statusCode: 422 } });
  stop();
  expect(traffic.evidence().proof).toBe('none');
});

test('a message of an unexpected shape ends the proof and not the process', () => {
  const traffic = new AttemptTraffic({ rejects: () => true });
  const stop = watch(traffic, () => 'attempt');
  const request = { method: 'POST', origin: 'http://contracts', upgrade: null };
  channel('undici:request:create').publish({ request });
  channel('undici:request:headers').publish({ request, response: { statusCode: 422 } });
  expect(traffic.evidence().proof).toBe('rejected');
  channel('undici:request:create').publish({ request: null });
  stop();
  expect(traffic.evidence().proof).toBe('none');
});
