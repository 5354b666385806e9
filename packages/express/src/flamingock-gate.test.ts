import { createFlamingock } from '@flamingock/core';
import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { engineOptions } from '../test/engine-options.js';
import { flamingockGate } from './flamingock-gate.js';
import { readinessHandler } from './readiness-handler.js';

test('the gate alone holds what stands behind it, for an engine that somebody else runs', async () => {
  const engine = createFlamingock(engineOptions());
  const app = express();
  app.get('/about', (_request, response) => void response.json('us'));
  app.use('/admin', flamingockGate(engine, { openPaths: ['/metrics'] }));
  app.get('/admin/metrics', (_request, response) => void response.json('metrics'));
  app.get('/admin/users', (_request, response) => void response.json('users'));
  await request(app).get('/about').expect(200);
  await request(app).get('/admin/metrics').expect(200);
  await request(app).get('/admin/users').expect(503);
  await engine.run();
  await request(app).get('/admin/users').expect(200);
  await engine.close();
  await request(app).get('/admin/users').expect(200);
});

test('its options are judged', () => {
  const make = (): unknown => flamingockGate(createFlamingock(engineOptions()), { hold: 'block' } as never);
  expect(make).toThrow("flamingockGate() does not know the option 'hold'");
});

test('one probe answers for several engines', async () => {
  const [orders, billing] = [createFlamingock(engineOptions()), createFlamingock(engineOptions())];
  const app = express().get('/health/ready', readinessHandler({ orders, billing }));
  await orders.run();
  const first = await request(app).get('/health/ready').expect(503);
  expect(first.body).toMatchObject({
    info: { orders: { status: 'up' } },
    error: { billing: { status: 'down' } },
  });
  await billing.run();
  await request(app).get('/health/ready').expect(200);
});
