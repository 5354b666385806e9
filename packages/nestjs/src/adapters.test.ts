import 'reflect-metadata';
import { Apply, Change, type Flamingock, memoryAuditStore, target, TargetSystem } from '@flamingock/core';
import { test } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import request from 'supertest';
import { InjectFlamingock } from './flamingock.decorators.js';
import { FlamingockModule } from './flamingock.module.js';
import { withoutFlamingock } from './testing/without-flamingock.js';

@Injectable()
class FlagClient {
  readonly calls: string[] = [];
}

@Change({ id: 'first' })
@TargetSystem('flags')
class _0001__First {
  @Apply()
  apply(flags: FlagClient): void {
    flags.calls.push('first');
  }
}

@Controller('flags')
class FlagsController {
  constructor(
    @Inject(FlagClient) private readonly flags: FlagClient,
    @InjectFlamingock() private readonly flamingock: Flamingock,
  ) {}

  @Get()
  list(): object {
    return { calls: this.flags.calls, ready: this.flamingock.readiness().ready };
  }
}

@Module({
  imports: [
    FlamingockModule.forRoot({
      service: 'orders',
      environment: 'test',
      auditStore: memoryAuditStore(),
      targets: { flags: target({ clients: [FlagClient] }) },
      changes: [_0001__First],
    }),
  ],
  controllers: [FlagsController],
  providers: [FlagClient],
})
class AppModule {}

test.each<[string, () => AbstractHttpAdapter]>([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('a test of routes on %s needs nothing of the changes', async (_, adapter) => {
  const module = await withoutFlamingock(Test.createTestingModule({ imports: [AppModule] })).compile();
  const application = module.createNestApplication(adapter());
  await application.init();
  await (application.getHttpAdapter().getInstance() as { ready?: () => PromiseLike<unknown> }).ready?.();
  await request(application.getHttpServer() as Server)
    .get('/flags')
    .expect(200, { calls: [], ready: true });
  await application.close();
});
