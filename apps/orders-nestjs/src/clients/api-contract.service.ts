import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { sendJson } from './send-json.js';

/** A field of an API's answer, as the contract service knows it. */
export interface ContractField {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date-time';
  readonly required?: boolean;
}

/** Talks to the service that knows what every API of the company promises to answer. */
@Injectable()
export class ApiContractService {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** Adds a field to a contract. Not idempotent: the service refuses a second one of the same name. */
  async addField(contract: string, field: ContractField): Promise<void> {
    await sendJson('POST', `${this.configuration.contractsUrl}/contracts/${contract}/fields`, field);
  }
}
