import { Module, type DynamicModule } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { ApiContractService } from './api-contract.service.js';
import { GatewayConfigClient } from './gateway-config.client.js';

/** The application's own clients of other systems. */
@Module({})
export class ClientsModule {
  static forRoot(configuration: Configuration): DynamicModule {
    return {
      module: ClientsModule,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        ApiContractService,
        GatewayConfigClient,
      ],
    };
  }
}
