import { Apply, Change, Rollback, TargetSystem } from '@flamingock/core';
import { EntityManager } from 'typeorm';

@Change({ id: 'add-payment-method-column', author: 'orders-team' })
@TargetSystem('orders-db')
export class _0001__AddPaymentMethodColumn {
  @Apply()
  async apply(orders: EntityManager): Promise<void> {
    // Existing rows get the default, and so do those of a release that still runs and does not know the column.
    await orders.query(`ALTER TABLE orders ADD COLUMN payment_method text NOT NULL DEFAULT 'UNSET'`);
  }

  @Rollback()
  async rollback(orders: EntityManager): Promise<void> {
    await orders.query('ALTER TABLE orders DROP COLUMN payment_method');
  }
}
