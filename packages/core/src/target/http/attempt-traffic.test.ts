import { describe, expect, test } from '@jest/globals';
import { AttemptTraffic, type BegunRequest } from './attempt-traffic.js';

const POST: BegunRequest = { owner: 'attempt', method: 'POST', host: 'contracts' };
const GET: BegunRequest = { ...POST, method: 'GET' };

/** Traffic with one write that was rejected, which by itself is a proof. */
function rejectedWrite(): AttemptTraffic {
  const traffic = new AttemptTraffic({ rejects: (status) => status === 422 });
  const write = {};
  traffic.begin(write, POST);
  traffic.sent(write, 'heads');
  traffic.status(write, 422);
  return traffic;
}

describe('a rejected write proves nothing', () => {
  test.each<readonly [string, (traffic: AttemptTraffic) => void]>([
    ['beside a request that is still open', (traffic) => traffic.begin({}, GET)],
    [
      'beside one to a host that cannot be told',
      (traffic) => traffic.begin({}, { ...POST, host: undefined }),
    ],
    [
      "beside nobody's write to a host that cannot be told",
      (traffic) => traffic.begin({}, { ...POST, owner: 'nobody', host: undefined }),
    ],
    ["beside nobody's write to the same host", (traffic) => traffic.begin({}, { ...POST, owner: 'nobody' })],
    [
      'beside a read that turned into another protocol',
      (traffic) => {
        const socket = {};
        traffic.begin(socket, { ...GET, upgrade: true });
        traffic.complete(socket);
      },
    ],
    [
      'when another one was sent twice by its client',
      (traffic) => {
        const write = {};
        traffic.begin(write, POST);
        traffic.sent(write, 'heads');
        traffic.sent(write, 'heads');
        traffic.status(write, 422);
      },
    ],
    [
      'beside one that failed with the error of a connection, but had been sent over an earlier one',
      (traffic) => {
        const write = {};
        traffic.begin(write, POST);
        traffic.sent(write, 'bodies');
        traffic.failed(write, true);
      },
    ],
  ])('%s', (_name, happens) => {
    const traffic = rejectedWrite();
    expect(traffic.evidence().proof).toBe('rejected');
    happens(traffic);
    expect(traffic.evidence().proof).toBe('none');
  });
});

test.each<readonly [string, BegunRequest]>([
  ["another attempt's write", { ...POST, owner: 'another' }],
  ["nobody's read", { ...GET, owner: 'nobody' }],
  ["nobody's write to another host", { ...POST, owner: 'nobody', host: 'telemetry' }],
])('%s takes no proof away', (_name, request) => {
  const traffic = rejectedWrite();
  traffic.begin({}, request);
  expect(traffic.evidence()).toEqual({ proof: 'rejected', settled: true });
});

test('after something that cannot be followed nothing is settled', () => {
  const traffic = rejectedWrite();
  traffic.blind();
  expect(traffic.evidence()).toEqual({ proof: 'none', settled: false });
});

test('one that was neither sent nor given up may still be sent', () => {
  const traffic = new AttemptTraffic({ rejects: () => true });
  traffic.begin({}, POST);
  expect(traffic.evidence()).toEqual({ proof: 'none', settled: false });
});
