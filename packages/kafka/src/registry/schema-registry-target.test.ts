import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { ClientUse } from '@flamingock/core/spi';
import { registerSchema, setCompatibility } from './intentions.js';
import { SchemaRegistryClient } from './schema-registry-client.js';
import { schemaRegistryTarget } from './schema-registry-target.js';
import type { SchemaRegistryTargetOptions } from './registry-options.js';

const SCHEMA = { schema: 'string' };

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

/** The address of a registry whose subject `s` has version 1, and had a version 2 that is softly deleted. */
async function registry(): Promise<string> {
  const answers: Readonly<Record<string, readonly [number, unknown]>> = {
    'GET /subjects/s/versions/latest': [200, { subject: 's', version: 1, id: 1, schema: '"int"' }],
    'POST /subjects/s': [404, { error_code: 40403, message: 'Schema not found' }],
    'GET /subjects/s/versions?deleted=true': [200, [1, 2]],
    'POST /compatibility/subjects/s/versions?verbose=true': [
      200,
      { is_compatible: false, messages: ['TYPE_MISMATCH'] },
    ],
    'GET /config/s?defaultToGlobal=false': [200, { compatibilityLevel: 'FORWARD' }],
  };
  const started = createServer((request, response) => {
    const [status, body] = answers[`${request.method} ${request.url}`] ?? [500, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

function attempt(
  options: SchemaRegistryTargetOptions,
  act: (client: SchemaRegistryClient) => Promise<unknown>,
  signal = new AbortController().signal,
) {
  const target = schemaRegistryTarget(options);
  const use = { changeId: 'a', of: 'execution', signal } as ClientUse;
  return target.evidence?.observe(async () => {
    await act(target.client(SchemaRegistryClient, use) as SchemaRegistryClient);
  }, use);
}

test.each<[string, (client: SchemaRegistryClient) => Promise<unknown>, string]>([
  [
    'the version is taken',
    (client) => client.register('s', { ...SCHEMA, version: 1 }),
    's: want version 1, and version 1 holds another schema',
  ],
  [
    'it would become another version',
    (client) => client.register('s', { ...SCHEMA, version: 2 }),
    's: want version 2, and the next one would be version 3',
  ],
  [
    'the schema is incompatible',
    (client) => client.apply([registerSchema('s', { ...SCHEMA, version: 3 })]),
    's: the registry finds the schema incompatible: TYPE_MISMATCH',
  ],
  [
    'the level is that of somebody else',
    (client) => client.apply([setCompatibility('FULL', { subject: 's', from: 'NONE' })]),
    's: compatibility: want FULL, has FORWARD, where NONE was expected',
  ],
])('nothing was sent where %s', async (_why, act, message) => {
  expect(await attempt({ url: await registry() }, act)).toMatchObject({
    outcome: 'threw',
    error: { message },
    evidence: { proof: 'not-sent', settled: true },
  });
});

test.each<[string, () => Promise<string>, string]>([
  ['are refused', () => Promise.reject(new Error('no')), 'REGISTRY_FAILED'],
  ['never come', () => new Promise(() => undefined), 'ETIMEDOUT'],
])('nothing was sent where the credentials %s', async (_how, auth, code) => {
  const address = { url: 'http://127.0.0.1:9', auth, timeoutMs: 20 };
  expect(await attempt(address, (client) => client.register('s', SCHEMA))).toMatchObject({
    outcome: 'threw',
    error: { code: 'REGISTRY_AUTH', message: expect.stringContaining(`(${code})`) },
    evidence: { proof: 'not-sent' },
  });
});

test('a change that has to stop does not wait for credentials', async () => {
  const stop = new AbortController();
  const auth = (): Promise<string> => {
    stop.abort(new Error('stop'));
    return new Promise(() => undefined);
  };
  expect(
    await attempt({ url: 'http://127.0.0.1:9', auth }, (client) => client.latest('s'), stop.signal),
  ).toMatchObject({ outcome: 'threw', error: { message: 'stop' } });
});
