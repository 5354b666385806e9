import { Apply, Change, Rollback, TargetSystem } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

@Change({ id: 'create-orders', author: 'orders-team' })
@TargetSystem('orders-db')
export class _0001__CreateOrders {
  @Apply()
  async apply(orders: SqlExecutor): Promise<void> {
    await orders.query('CREATE TABLE orders (id integer PRIMARY KEY)');
  }

  @Rollback()
  async rollback(orders: SqlExecutor): Promise<void> {
    await orders.query('DROP TABLE orders');
  }
}
