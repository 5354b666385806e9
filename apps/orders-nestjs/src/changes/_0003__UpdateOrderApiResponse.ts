import { Apply, Change, TargetSystem } from '@flamingock/core';
import { ApiContractService } from '../clients/api-contract.service.js';

@Change({ id: 'update-order-api-response', author: 'orders-team' })
@TargetSystem('api-contracts')
export class _0003__UpdateOrderApiResponse {
  constructor(private readonly contracts: ApiContractService) {}

  @Apply()
  async apply(): Promise<void> {
    await this.contracts.addField('order-response', { name: 'paymentMethod', type: 'string' });
  }
}
