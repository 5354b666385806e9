import { expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FREE_PORTS, usePlatform } from '../test/use-platform.js';
import { startPlatform } from './platform.js';

const platform = usePlatform();

const V2 = JSON.stringify({
  type: 'record',
  name: 'OrderPlaced',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'item', type: 'string' },
    { name: 'quantity', type: 'int' },
    { name: 'paymentMethod', type: 'string', default: 'UNSET' },
  ],
});

test('states and request logs survive a restart; the mode does not', async () => {
  await platform.call('registry', 'POST /subjects/order-events-value/versions', { schema: V2 });
  await platform.call('contracts', 'PUT /contracts/order-response/fields/paymentMethod', { type: 'string' });
  await platform.call('gateway', 'PUT /routes/order-request/validation/allowed-fields/paymentMethod');
  await platform.switchTo('gateway', 'refusing');

  await platform.restart();

  expect((await platform.call('registry', 'GET /schemas/ids/2')).body).toEqual({ schema: V2 });
  expect((await platform.call('contracts', 'GET /contracts/order-response')).body).toMatchObject({
    version: 2,
  });
  expect((await platform.call('gateway', 'GET /routes/order-request')).body).toMatchObject({
    validation: { revision: 2 },
  });
  for (const service of ['registry', 'contracts', 'gateway'] as const) {
    expect(await platform.log(service)).toMatchObject([{ status: 200 }, { method: 'GET', status: 200 }]);
  }
});

test('half a line at the end of a request log, as a power failure leaves it, costs that line only', async () => {
  await platform.call('gateway', 'GET /routes');
  await platform.restart(() => {
    appendFileSync(join(platform.dataDirectory, 'gateway', 'requests.ndjson'), '{"time":"20');
  });
  await platform.call('gateway', 'GET /nowhere');
  expect(await platform.log('gateway')).toMatchObject([{ path: '/routes' }, { path: '/nowhere' }]);
});

test('half a state, as a power failure leaves it, is not the state', async () => {
  await platform.call('gateway', 'PUT /routes/order-request/validation/allowed-fields/note');
  await platform.restart(() => {
    writeFileSync(join(platform.dataDirectory, 'gateway', 'state.json.new'), '[{"na');
  });
  expect((await platform.call('gateway', 'GET /routes/order-request')).body).toMatchObject({
    validation: { revision: 2 },
  });
});

test('a state that cannot be read keeps the platform from starting, and is left as it is', async () => {
  const dataDirectory = mkdtempSync(join(platform.dataDirectory, 'other-'));
  await (await startPlatform({ dataDirectory, ports: FREE_PORTS })).stop();
  const file = join(dataDirectory, 'contracts', 'state.json');
  writeFileSync(file, '{');
  await expect(startPlatform({ dataDirectory, ports: FREE_PORTS })).rejects.toMatchObject({
    code: 'PLATFORM_STATE_UNREADABLE',
    message: expect.stringContaining(file),
  });
  expect(readFileSync(file, 'utf8')).toBe('{');
});

test('a data folder that is a file keeps the platform from starting', async () => {
  const dataDirectory = join(platform.dataDirectory, 'file');
  writeFileSync(dataDirectory, '');
  await expect(startPlatform({ dataDirectory, ports: FREE_PORTS })).rejects.toMatchObject({
    code: 'PLATFORM_DATA_UNUSABLE',
  });
});

test('a port that is taken keeps all the others closed', async () => {
  const registry = await freePort();
  const taken = Number(new URL(platform.urls.gateway).port);
  await expect(
    startPlatform({
      dataDirectory: mkdtempSync(join(platform.dataDirectory, 'other-')),
      ports: { ...FREE_PORTS, registry, contracts: taken },
    }),
  ).rejects.toMatchObject({
    code: 'PLATFORM_PORT_UNAVAILABLE',
    message: `Port ${taken} of 127.0.0.1, meant for the contracts service, is taken by another process.`,
  });
  await expect(fetch(`http://127.0.0.1:${registry}/subjects`)).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
});

test('a change that cannot be stored is a 500, and is no change', async () => {
  const printed = jest.spyOn(console, 'error').mockReturnValue();
  const directory = join(platform.dataDirectory, 'gateway');
  rmSync(directory, { recursive: true });
  const failed = await platform.call('gateway', 'PUT /routes/order-request/validation/allowed-fields/note');
  expect(failed).toMatchObject({ status: 500, body: { status: 500 } });
  expect(printed).toHaveBeenCalledWith(expect.objectContaining({ code: 'ENOENT' }));

  mkdirSync(directory);
  expect((await platform.call('gateway', 'GET /routes/order-request')).body).toMatchObject({
    validation: { revision: 1 },
  });
});

test('a new platform writes no state before there is a change', async () => {
  await platform.call('contracts', 'GET /contracts');
  expect(existsSync(join(platform.dataDirectory, 'contracts', 'state.json'))).toBe(false);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
