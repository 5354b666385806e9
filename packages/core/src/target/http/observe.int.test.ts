import { hasSubscribers } from 'node:diagnostics_channel';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLIENTS, type Send } from '../../../test/http-clients.js';
import { UNTRUSTED, deadAddress, startHttpSystem, type HttpSystem } from '../../../test/http-system.js';
import type { Evidence, ObservedAttempt } from '../target.js';
import type { HttpTargetOptions } from './http-options.js';
import { httpTarget } from './http-target.js';

type Attempt = () => Promise<void>;

let system: HttpSystem;
beforeEach(async () => {
  system = await startHttpSystem();
});
afterEach(() => system.close());

function observer(options: HttpTargetOptions = {}): (attempt: Attempt) => Promise<ObservedAttempt> {
  const { evidence } = httpTarget({ clients: ['contracts'], ...options });
  if (evidence === undefined) throw new Error('httpTarget has no evidence');
  return (attempt) => evidence.observe(attempt);
}

async function evidenceOf(attempt: Attempt, options: HttpTargetOptions = {}): Promise<Evidence> {
  const observed = await observer(options)(attempt);
  if (observed.outcome === 'returned') throw new Error('the attempt was to fail');
  return observed.evidence;
}

/** Does `action` later, but as a part of what runs now: outside of an attempt that begins in between. */
function stranger(action: () => Promise<void>): () => Promise<void> {
  let start: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (start = resolve)).then(action);
  return () => {
    start();
    return done;
  };
}

const NOT_SENT: Evidence = { proof: 'not-sent', settled: true };
const REJECTED: Evidence = { proof: 'rejected', settled: true };
/** Whether it was executed is not known, but it is over. */
const UNPROVEN: Evidence = { proof: 'none', settled: true };
const UNSETTLED: Evidence = { proof: 'none', settled: false };

type Situation = readonly [
  name: string,
  expected: Evidence,
  attempt: (send: Send, url: string) => Promise<void>,
  options?: HttpTargetOptions,
];

const SITUATIONS: readonly Situation[] = [
  ['refused', NOT_SENT, async (send) => send('POST', await deadAddress())],
  ['a name that does not resolve', NOT_SENT, (send) => send('POST', 'http://nobody.invalid/')],
  ['TLS with a server that speaks none', NOT_SENT, (send, url) => send('POST', url.replace('http', 'https'))],
  ['422', REJECTED, (send, url) => send('POST', `${url}/status/422`)],
  ['503', UNPROVEN, (send, url) => send('POST', `${url}/status/503`)],
  ['503, declared', REJECTED, (send, url) => send('POST', `${url}/status/503`), { rejectedStatuses: [503] }],
  [
    '422, beside a declared 503',
    REJECTED,
    (send, url) => send('POST', `${url}/status/422`),
    { rejectedStatuses: [503] },
  ],
  [
    '422, with { only: [503] }',
    UNPROVEN,
    (send, url) => send('POST', `${url}/status/422`),
    { rejectedStatuses: { only: [503] } },
  ],
  ['103 before 422', REJECTED, (send, url) => send('POST', `${url}/early`)],
  ['422, body cut off', REJECTED, (send, url) => send('POST', `${url}/cut/422`)],
  ['200, body cut off', UNSETTLED, (send, url) => send('POST', `${url}/cut/200`)],
  ['reply lost after execution', UNSETTLED, (send, url) => send('POST', `${url}/drop`)],
  ['time-out after sending', UNSETTLED, (send, url) => send('POST', `${url}/hang`, 300)],
  ['redirected', UNPROVEN, (send, url) => send('POST', `${url}/redirect`)],
  [
    'two writes, the second rejected',
    UNPROVEN,
    async (send, url) => {
      await send('POST', `${url}/status/201`);
      await send('POST', `${url}/status/422`);
    },
  ],
  [
    'two writes, both rejected',
    REJECTED,
    async (send, url) => {
      await send('PUT', `${url}/status/404`).catch(() => send('POST', `${url}/status/422`));
    },
  ],
  [
    'refused, then sent again and rejected',
    REJECTED,
    async (send, url) => {
      const dead = await deadAddress();
      await send('POST', dead).catch(() => send('POST', `${url}/status/422`));
    },
  ],
  [
    'reply lost, then sent again and rejected',
    UNSETTLED,
    async (send, url) => {
      await send('PUT', `${url}/drop`).catch(() => send('PUT', `${url}/status/404`));
    },
  ],
  [
    'a read, then a rejected write',
    REJECTED,
    async (send, url) => {
      await send('GET', `${url}/status/200`);
      await send('POST', `${url}/status/422`);
    },
  ],
  ['a refused read', NOT_SENT, async (send) => send('GET', await deadAddress())],
  ['a rejected read', REJECTED, (send, url) => send('GET', `${url}/status/404`)],
  ['a read that failed', UNPROVEN, (send, url) => send('GET', `${url}/status/500`)],
  [
    'a read, then an error of the change itself',
    UNPROVEN,
    async (send, url) => {
      await send('GET', `${url}/status/200`);
      throw new TypeError('undefined is not a function');
    },
  ],
  [
    'an error before any request',
    UNPROVEN,
    () => Promise.reject(new TypeError('undefined is not a function')),
  ],
  [
    'a write that nobody waits for, before a rejected one',
    UNSETTLED,
    async (send, url) => {
      send('POST', `${url}/slow`).catch(() => undefined);
      await send('POST', `${url}/status/422`);
    },
  ],
  [
    'a write that nobody waits for, begun at the very end',
    UNSETTLED,
    async (send, url) => {
      await send('POST', `${url}/status/422`).catch(() => undefined);
      send('POST', `${url}/slow`).catch(() => undefined);
      throw new Error('gave up');
    },
  ],
  [
    'a queue that goes on after the rejected one',
    UNSETTLED,
    async (send, url) => {
      const first = send('POST', `${url}/status/422`);
      const second = first.catch(() => undefined).then(() => send('POST', `${url}/slow`));
      await Promise.all([first, second]);
    },
  ],
  [
    'a pooled connection that breaks under the request',
    UNSETTLED,
    async (send, url) => {
      await send('GET', `${url}/status/200`);
      await send('POST', `${url}/drop`);
    },
  ],
];

describe.each(Object.entries(CLIENTS))('with %s', (_client, send) => {
  // `test.each` would pass its `done` in the place of the options that most of them leave out.
  test.each(SITUATIONS.map((situation) => [situation[0], situation] as const))(
    '%s',
    async (_name, situation) => {
      const [, expected, attempt, options] = situation;
      const evidence = await evidenceOf(() => attempt(send, system.url), options);

      expect(evidence).toEqual(expected);
      if (evidence.proof !== 'none') expect(system.executed).toEqual([]);
    },
  );

  test('these error statuses are a refusal by default, and no other one is', async () => {
    const rejected: number[] = [];
    for (const status of [
      400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 422, 425, 429, 500, 502, 503, 504,
    ]) {
      const { proof } = await evidenceOf(() => send('POST', `${system.url}/status/${status}`));
      if (proof === 'rejected') rejected.push(status);
    }
    expect(rejected).toEqual([400, 401, 403, 404, 422, 429]);
  });

  test('a certificate that nobody trusts', async () => {
    const impostor = await startHttpSystem(UNTRUSTED);
    expect(await evidenceOf(() => send('POST', `${impostor.url}/status/200`))).toEqual(NOT_SENT);
    expect(impostor.executed).toEqual([]);
    await impostor.close();
  });

  test('a write that belongs to no change, to the same host, takes the proof away', async () => {
    const foreign = stranger(() => send('POST', `${system.url}/status/200`));
    const attempt = async (): Promise<void> => {
      await foreign();
      await send('POST', `${system.url}/status/422`);
    };
    expect(await evidenceOf(attempt)).toEqual(UNPROVEN);
  });

  test('so does one to the host of the base URL, before the attempt has reached it', async () => {
    const baseUrl = system.url.replace('127.0.0.1', 'localhost');
    const attempt = (): Attempt => {
      const foreign = stranger(() => send('POST', `${baseUrl}/status/200`));
      return async () => {
        await foreign().catch(() => undefined);
        await send('POST', `${system.url}/status/422`);
      };
    };
    const hosts = ['127.0.0.1'];
    expect(await evidenceOf(attempt(), { hosts })).toEqual(REJECTED);
    expect(await evidenceOf(attempt(), { hosts, baseUrl })).toEqual(UNPROVEN);
  });

  test.each<readonly [string, Evidence, string, string, HttpTargetOptions]>([
    ['a read', REJECTED, 'GET', '127.0.0.1', {}],
    ['a write to another host', UNPROVEN, 'POST', 'localhost', {}],
    ['a write to another host than those', REJECTED, 'POST', 'localhost', { hosts: ['127.0.0.1'] }],
    ['a write to one of those', UNPROVEN, 'POST', 'localhost', { hosts: ['LOCALHOST'] }],
  ])('%s that belongs to no change: %j', async (_name, expected, method, host, options) => {
    const elsewhere = await startHttpSystem();
    const foreign = stranger(() => send(method, `${elsewhere.url.replace('127.0.0.1', host)}/status/200`));
    const attempt = async (): Promise<void> => {
      await foreign();
      await send('POST', `${system.url}/status/422`);
    };
    expect(await evidenceOf(attempt, options)).toEqual(expected);
    await elsewhere.close();
  });

  test('a write from before the attempt is none of its own', async () => {
    const before = send('POST', `${system.url}/slow`);
    await system.untilExecuted(1);
    expect(await evidenceOf(() => send('POST', `${system.url}/status/422`))).toEqual(REJECTED);
    await before;
  });

  test('what another attempt writes may be this one’s, sent by a client that both have', async () => {
    const observe = observer();
    const outcomes = await Promise.all([
      observe(async () => {
        await system.untilExecuted(1);
        await send('POST', `${system.url}/status/422`);
      }),
      observe(() => send('POST', `${system.url}/slow`).then(() => send('POST', `${system.url}/status/422`))),
    ]);
    expect(outcomes).toMatchObject([{ evidence: UNPROVEN }, { evidence: UNPROVEN }]);
  });

  test('what an attempt left behind belongs to no later one', async () => {
    const observe = observer();
    let late: () => Promise<void> = () => Promise.resolve();
    await observe(async () => {
      late = stranger(() => send('POST', `${system.url}/status/200`));
    });
    const second = await observe(async () => {
      await late();
      await send('POST', `${system.url}/status/422`);
    });
    expect(second).toMatchObject({ evidence: UNPROVEN });
  });
});

describe('a rejected write proves nothing beside', () => {
  test.each<readonly [string, (url: string) => Promise<unknown>]>([
    [
      'an upload that is still under way',
      async (url) => {
        const upload = http.request(`${url}/status/200`, { method: 'POST' });
        upload.on('error', () => undefined).write('the first half');
        return Promise.resolve();
      },
    ],
    [
      "a request that waits in its agent's queue",
      async (url) => {
        const agent = new http.Agent({ maxSockets: 1 });
        for (const path of ['/slow', '/slow/2']) {
          http
            .request(`${url}${path}`, { method: 'POST', agent })
            .on('error', () => undefined)
            .end();
        }
        return system.untilExecuted(1);
      },
    ],
    [
      'a connection that was upgraded',
      (url) => {
        const headers = { connection: 'Upgrade', upgrade: 'commands' };
        return once(http.get(`${url}/upgrade`, { headers }), 'upgrade');
      },
    ],
    [
      'a tunnel',
      (url) => once(http.request(url, { method: 'CONNECT', path: 'elsewhere:1' }).end(), 'connect'),
    ],
  ])('%s', async (_name, beside) => {
    const evidence = await evidenceOf(async () => {
      await beside(system.url);
      await CLIENTS['fetch']?.('POST', `${system.url}/status/422`);
    });
    expect(evidence).toEqual(UNSETTLED);
  });

  test('a write over HTTP/2', async () => {
    const server = http2.createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const evidence = await evidenceOf(async () => {
      const stream = session.request({ ':method': 'POST' });
      await once(stream.resume().end(), 'close');
      await CLIENTS['fetch']?.('POST', `${system.url}/status/422`);
    });
    expect(evidence.proof).toBe('none');
    session.destroy();
    server.close();
  });
});

test('an agent that finds no connection has sent nothing', async () => {
  const connectionLess = (_options: object, callback: (error: Error) => void): undefined => {
    setImmediate(callback, new Error('the proxy refused'));
  };
  const createConnection = connectionLess as unknown as http.RequestOptions['createConnection'];
  const attempt = async (): Promise<void> => {
    await once(
      http.request(system.url, { method: 'POST', ...(createConnection && { createConnection }) }).end(),
      'response',
    );
  };
  expect(await evidenceOf(attempt)).toEqual(NOT_SENT);
});

test('an attempt that returns is told from one that throws at once', async () => {
  const observe = observer();
  expect(await observe(() => Promise.resolve())).toEqual({ outcome: 'returned' });
  const error = new Error('at once');
  expect(
    await observe(() => {
      throw error;
    }),
  ).toEqual({ outcome: 'threw', error, evidence: UNPROVEN });
});

test('nothing is watched outside of an attempt', async () => {
  await evidenceOf(async () => {
    expect(hasSubscribers('undici:request:create')).toBe(true);
    throw new Error('failed');
  });
  expect(hasSubscribers('undici:request:create')).toBe(false);
  expect(hasSubscribers('http.client.request.start')).toBe(false);
});
