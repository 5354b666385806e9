import { join } from 'node:path';
import { httpTarget } from '@flamingock/core';
import { FlamingockModule, fromContainer } from '@flamingock/nestjs';
import { typeormAuditStore, typeormTarget } from '@flamingock/typeorm';
import { Module, StandardSchemaValidationPipe, type DynamicModule } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ApiContractService } from './clients/api-contract.service.js';
import { ClientsModule } from './clients/clients.module.js';
import { GatewayConfigClient } from './clients/gateway-config.client.js';
import type { Configuration } from './configuration.js';
import { auditDatabase, ordersDatabase } from './database/databases.js';
import { HealthModule } from './health/health.module.js';
import { OrdersModule } from './orders/orders.module.js';

@Module({})
export class AppModule {
  static forRoot(configuration: Configuration): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ordersDatabase(configuration),
        auditDatabase(configuration),
        ClientsModule.forRoot(configuration),
        FlamingockModule.forRoot({
          service: 'orders',
          environment: configuration.environment,
          auditStore: fromContainer(getDataSourceToken('audit'), typeormAuditStore),
          targets: {
            'orders-db': fromContainer(DataSource, typeormTarget),
            'schema-registry': httpTarget({ baseUrl: configuration.schemaRegistryUrl }),
            'api-contracts': httpTarget({ clients: [ApiContractService], rejectedStatuses: [503] }),
            gateway: httpTarget({ clients: [GatewayConfigClient] }),
          },
          changes: { directory: join(import.meta.dirname, 'changes') },
        }),
        OrdersModule,
        HealthModule,
      ],
      providers: [{ provide: APP_PIPE, useFactory: () => new StandardSchemaValidationPipe() }],
    };
  }
}
