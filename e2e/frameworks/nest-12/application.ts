import 'reflect-metadata';
import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { FlamingockHealthIndicator } from '@flamingock/nestjs/terminus';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import {
  Controller,
  Get,
  Inject,
  type INestApplication,
  type INestApplicationContext,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { HealthCheck, type HealthCheckResult, HealthCheckService, TerminusModule } from '@nestjs/terminus';

/** An application of the framework contract: see PROTOCOL.md. `FORM` says what is made of it, `ADAPTER` what serves it. */
const { PORT, SYSTEMS = '', ADAPTER = 'express', FORM = 'http', THEN } = process.env;
const { OrderBook, systems } = (await import(SYSTEMS)) as typeof import('../systems.mjs');
const { options, book, driver, close } = systems();
const { targets, dependencies: _, ...engine } = options;

const DRIVER = Symbol('DRIVER');

@Controller()
class OrdersController {
  constructor(@Inject(OrderBook) private readonly orders: InstanceType<typeof OrderBook>) {}

  @Get('orders')
  @MessagePattern('orders')
  list(): Promise<unknown[]> {
    return this.orders.list();
  }

  @Get('client')
  client(): { readonly used: boolean } {
    return { used: this.orders.usedByChange };
  }
}

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly changes: FlamingockHealthIndicator,
  ) {}

  @Get('live')
  live(): { readonly status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.changes.isHealthy()]);
  }
}

/** Ends the connections when everything that uses them is over. */
@Injectable()
class Connections implements OnApplicationShutdown {
  onApplicationShutdown(): Promise<void> {
    return close();
  }
}

/** What a context is made for: without work that it waits for, its process would end by itself. */
@Injectable()
class Work implements OnApplicationBootstrap, OnApplicationShutdown {
  #next: NodeJS.Timeout | undefined;

  onApplicationBootstrap(): void {
    if (FORM === 'context') this.#next = setInterval(() => undefined, 60_000);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#next);
  }
}

@Module({
  imports: [
    TerminusModule,
    FlamingockModule.forRoot({
      ...engine,
      auditStore: fromContainer(DRIVER, sqlAuditStore),
      targets: { ...targets, 'orders-db': fromContainer(DRIVER, sqlTarget) },
    }),
  ],
  controllers: [OrdersController, HealthController],
  providers: [
    { provide: DRIVER, useValue: driver },
    { provide: OrderBook, useValue: book },
    FlamingockHealthIndicator,
    Connections,
    Work,
  ],
})
class AppModule {}

async function adapter(): Promise<AbstractHttpAdapter> {
  if (ADAPTER === 'express') return new (await import('@nestjs/platform-express')).ExpressAdapter();
  return new (await import('@nestjs/platform-fastify')).FastifyAdapter();
}

async function listening(application: INestApplication): Promise<INestApplication> {
  application.enableShutdownHooks();
  await application.listen(Number(PORT), '127.0.0.1');
  return application;
}

/** What can be made of a module, each ready when it resolves. */
const FORMS: Readonly<Record<string, () => Promise<INestApplicationContext>>> = {
  http: async () => listening(await NestFactory.create(AppModule, await adapter())),

  hybrid: async () => {
    const application = await NestFactory.create(AppModule, await adapter());
    application.connectMicroservice({ transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } });
    await application.startAllMicroservices();
    return listening(application);
  },

  microservice: async () => {
    const application = await NestFactory.createMicroservice(AppModule, {
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: Number(PORT) },
    });
    application.enableShutdownHooks();
    await application.listen();
    return application;
  },

  context: async () => {
    const application = await NestFactory.createApplicationContext(AppModule);
    application.enableShutdownHooks();
    return application;
  },
};

const application = await FORMS[FORM]?.();
console.log('listening');
if (THEN === 'close') await application?.close();
