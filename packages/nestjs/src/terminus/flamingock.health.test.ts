import 'reflect-metadata';
import { Apply, Change, type Flamingock, memoryAuditStore, target } from '@flamingock/core';
import { afterEach, expect, test } from '@jest/globals';
import { Controller, Get, type INestApplication, Injectable, Module } from '@nestjs/common';
import { type ModuleRef, NestFactory } from '@nestjs/core';
import { HealthCheck, type HealthCheckResult, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import type { AddressInfo, Server } from 'node:net';
import { getFlamingockToken } from '../flamingock.decorators.js';
import { FlamingockModule } from '../flamingock.module.js';
import { FlamingockHealthIndicator } from './flamingock.health.js';

@Injectable()
class FlagClient {}

@Change({ id: 'first' })
class _0001__First {
  @Apply()
  apply(_flags: FlagClient): void {
    // Only that it was applied counts here.
  }
}

@Change({ id: 'second' })
class _0002__Second extends _0001__First {}

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly changes: FlamingockHealthIndicator,
  ) {}

  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.changes.isHealthy()]);
  }
}

const applications: INestApplication[] = [];

afterEach(async () => {
  await Promise.all(applications.splice(0).map((application) => application.close()));
});

const auditStore = memoryAuditStore();

async function start(changes: (typeof _0001__First)[]): Promise<INestApplication> {
  @Module({
    imports: [
      TerminusModule.forRoot({ logger: false }),
      FlamingockModule.forRoot({
        service: 'orders',
        environment: 'test',
        auditStore,
        targets: { flags: target({ clients: [FlagClient] }) },
        changes,
      }),
    ],
    controllers: [HealthController],
    providers: [FlagClient, FlamingockHealthIndicator],
  })
  class AppModule {}
  const application = await NestFactory.create(AppModule, { abortOnError: false, logger: false });
  applications.push(application);
  await application.listen(0, '127.0.0.1');
  return application;
}

async function ready(application: INestApplication): Promise<{ status: number; body: unknown }> {
  const { port } = (application.getHttpServer() as Server).address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
  return { status: response.status, body: await response.json() };
}

test('the application is up when its changes are applied, and down when the engine is closed', async () => {
  const application = await start([_0001__First, _0002__Second]);
  expect(await ready(application)).toMatchObject({
    status: 200,
    body: { status: 'ok', details: { flamingock: { status: 'up', state: 'ready', applied: 2, pending: 0 } } },
  });
  await application.get<Flamingock>(getFlamingockToken()).close();
  expect(await ready(application)).toMatchObject({
    status: 503,
    body: { status: 'error', error: { flamingock: { status: 'down', state: 'closed' } } },
  });
});

test('an older release than the ledger knows is degraded, and takes traffic', async () => {
  await start([_0001__First, _0002__Second]);
  expect(await ready(await start([_0001__First]))).toMatchObject({
    status: 200,
    body: { status: 'degraded', details: { flamingock: { status: 'degraded', state: 'degraded' } } },
  });
});

test('an indicator without the status `degraded` says up, under the key that it is given', () => {
  const engine = { readiness: () => ({ ready: true, state: 'degraded', applied: 1, pending: 0 }) };
  const indicators = {
    check: (key: string) => ({
      up: (data: object) => ({ [key]: { ...data, status: 'up' } }),
      down: (data: object) => ({ [key]: { ...data, status: 'down' } }),
    }),
  };
  const application = { get: () => engine } as unknown as ModuleRef;
  const health = new FlamingockHealthIndicator(application, indicators);
  expect(health.isHealthy('changes')).toEqual({
    changes: { status: 'up', state: 'degraded', applied: 1, pending: 0 },
  });
});
