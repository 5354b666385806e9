import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Configuration } from '../configuration.js';
import { GatewayConfigClient } from './gateway-config.client.js';

let server: Server;
let status: number;
let gateway: GatewayConfigClient;

beforeEach(async () => {
  server = createServer((_, response) => response.writeHead(status).end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gatewayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = new GatewayConfigClient({ gatewayUrl } as Configuration);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('disallowField', () => {
  it('is content when the field was not allowed anyway, so that a rollback may come twice', async () => {
    status = 404;
    await expect(gateway.disallowField('order-request', 'paymentMethod')).resolves.toBeUndefined();
  });

  it('passes on every other refusal', async () => {
    status = 503;
    await expect(gateway.disallowField('order-request', 'paymentMethod')).rejects.toMatchObject({
      status: 503,
    });
  });
});

it('names method, path and status of a request that was refused', async () => {
  status = 422;
  await expect(gateway.allowField('order-request', 'paymentMethod')).rejects.toThrow(
    'PUT /routes/order-request/validation/allowed-fields/paymentMethod was answered with 422',
  );
});
