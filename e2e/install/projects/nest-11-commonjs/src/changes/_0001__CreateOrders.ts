import { Apply, Change, TargetSystem } from '@flamingock/core';
import { EntityManager } from 'typeorm';

@Change({ id: 'create-orders' })
@TargetSystem('orders-db')
export class _0001__CreateOrders {
  @Apply()
  async apply(manager: EntityManager): Promise<void> {
    await manager.query('CREATE TABLE orders (id INTEGER PRIMARY KEY, payment_method TEXT)');
    await manager.query(`INSERT INTO orders (payment_method) VALUES ('CARD')`);
  }
}
