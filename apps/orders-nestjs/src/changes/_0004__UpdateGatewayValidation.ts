import { Apply, Change, Rollback, TargetSystem, Verify, type Verdict } from '@flamingock/core';
import { GatewayConfigClient } from '../clients/gateway-config.client.js';

@Change({ id: 'update-gateway-validation', author: 'platform-team' })
@TargetSystem('gateway')
export class _0004__UpdateGatewayValidation {
  @Apply()
  async apply(gateway: GatewayConfigClient): Promise<void> {
    await gateway.allowField('order-request', 'paymentMethod');
  }

  @Rollback()
  async rollback(gateway: GatewayConfigClient): Promise<void> {
    await gateway.disallowField('order-request', 'paymentMethod');
  }

  @Verify()
  async verify(gateway: GatewayConfigClient): Promise<Verdict> {
    const allowed = await gateway.allowedFields('order-request');
    return allowed.includes('paymentMethod') ? 'APPLIED' : 'NOT_APPLIED';
  }
}
