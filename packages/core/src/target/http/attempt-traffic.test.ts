import { describe, expect, test } from '@jest/globals';
import { AttemptTraffic, type BegunRequest, type ObservedSystem } from './attempt-traffic.js';

const POST: BegunRequest = { owner: 'attempt', method: 'POST', host: 'contracts' };
const GET: BegunRequest = { ...POST, method: 'GET' };

/** Traffic with one write that was rejected, which by itself is a proof. */
function rejectedWrite(known: Pick<ObservedSystem, 'hosts'> = {}): AttemptTraffic {
  const traffic = new AttemptTraffic({ rejects: (status) => status === 422, ...known });
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
  ['a write that is known to have no part in it', { ...POST, owner: 'beside' }],
  ["nobody's read", { ...GET, owner: 'nobody' }],
])('%s takes no proof away', (_name, request) => {
  const traffic = rejectedWrite();
  traffic.begin({}, request);
  expect(traffic.evidence()).toEqual({ proof: 'rejected', settled: true });
});

describe("nobody's write to another host", () => {
  const write: BegunRequest = { ...POST, owner: 'nobody', host: 'telemetry' };

  test('may be one of the change, where it is not known to which hosts these go', () => {
    const traffic = rejectedWrite();
    traffic.begin({}, write);
    expect(traffic.evidence()).toEqual({ proof: 'none', settled: true });
  });

  test('is not, where it is', () => {
    const traffic = rejectedWrite({ hosts: ['contracts'] });
    traffic.begin({}, write);
    traffic.unseen('nobody');
    expect(traffic.evidence()).toEqual({ proof: 'rejected', settled: true });
    traffic.begin({}, { ...write, host: 'contracts' });
    expect(traffic.evidence().proof).toBe('none');
  });

  test('had no effect where it was not sent, or rejected', () => {
    const traffic = rejectedWrite();
    const [refused, rejected] = [{}, {}];
    for (const key of [refused, rejected]) traffic.begin(key, write);
    traffic.failed(refused, true);
    traffic.status(rejected, 422);
    expect(traffic.evidence()).toEqual({ proof: 'rejected', settled: true });
  });

  test('over a protocol that cannot be followed may be one of the change as well', () => {
    const traffic = rejectedWrite();
    traffic.unseen('nobody');
    expect(traffic.evidence()).toEqual({ proof: 'none', settled: true });
  });
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
