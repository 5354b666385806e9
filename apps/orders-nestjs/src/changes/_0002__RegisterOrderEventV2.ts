import { defineChange, HttpClient } from '@flamingock/core';

/** Version 1 and the new field. Its default keeps events of version 1 readable. */
const ORDER_PLACED_V2 = {
  type: 'record',
  name: 'OrderPlaced',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'item', type: 'string' },
    { name: 'quantity', type: 'int' },
    { name: 'paymentMethod', type: 'string', default: 'UNSET' },
  ],
};

export default defineChange({
  id: 'register-order-event-v2',
  author: 'orders-team',
  targetSystem: 'schema-registry',
  // A registry answers the same schema with the same version, however often it is registered.
  recovery: 'ALWAYS_RETRY',
  inject: { registry: HttpClient },
  async apply({ registry }) {
    await registry.post('/subjects/order-events-value/versions', { schema: JSON.stringify(ORDER_PLACED_V2) });
  },
});
