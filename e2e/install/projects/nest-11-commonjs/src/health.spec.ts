import { defineChange, memoryAuditStore, target } from '@flamingock/core';
import { FlamingockModule } from '@flamingock/nestjs';
import { FlamingockHealthIndicator } from '@flamingock/nestjs/terminus';
import { Controller, Get, INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly changes: FlamingockHealthIndicator,
  ) {}

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.changes.isHealthy()]);
  }
}

const changes = ['first', 'second'].map((id, order) =>
  defineChange({ id, order, name: id, targetSystem: 'flags', apply: () => undefined }),
);

describe('Readiness with Terminus 11', () => {
  const auditStore = memoryAuditStore();
  let app: INestApplication;

  afterEach(() => app.close());

  async function ready(release: number): Promise<{ status: number; body: unknown }> {
    const targets = { flags: target({ clients: [] }) };
    const options = { service: 'orders', environment: 'test', auditStore, targets };
    @Module({
      imports: [TerminusModule, FlamingockModule.forRoot({ ...options, changes: changes.slice(0, release) })],
      controllers: [HealthController],
      providers: [FlamingockHealthIndicator],
    })
    class HealthModule {}
    app = await NestFactory.create(HealthModule, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/health/ready`);
    return { status: response.status, body: await response.json() };
  }

  it('is up when the changes are applied', async () => {
    expect(await ready(2)).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { flamingock: { status: 'up', state: 'ready', applied: 2 } } },
    });
  });

  it('is up where the ledger is ahead of the code, which it has no status of its own for', async () => {
    expect(await ready(1)).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { flamingock: { status: 'up', state: 'degraded' } } },
    });
  });
});
