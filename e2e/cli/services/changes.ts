import { defineChange, type DefinedChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
import { FileRegistry } from '../project/file-registry.js';

/** The sequence of each service; what they do does not matter here. */
export const SEQUENCES: Readonly<Record<string, readonly DefinedChange[]>> = {
  catalog: [inDatabase(1, 'CreateProducts')],
  notifications: [inDatabase(1, 'CreateTemplates'), inDatabase(2, 'AddLocale')],
  orders: [inDatabase(1, 'CreateOrders'), inDatabase(2, 'AddPaymentMethod'), inDatabase(3, 'AddTotals')],
  payments: [inDatabase(1, 'CreatePayments'), atProvider(2, 'RegisterWebhook'), inDatabase(3, 'AddRefunds')],
  shipping: [inDatabase(1, 'CreateParcels'), inDatabase(2, 'AddCarrier')],
};

function inDatabase(order: number, name: string): DefinedChange {
  return defineChange({
    ...named(order, name),
    targetSystem: 'database',
    inject: { sql: SqlExecutor },
    apply: ({ sql }) => sql.execute(`CREATE TABLE ${name.toLowerCase()} (id integer)`),
  });
}

function atProvider(order: number, name: string): DefinedChange {
  return defineChange({
    ...named(order, name),
    targetSystem: 'payment-provider',
    inject: { provider: FileRegistry },
    apply: ({ provider }) => {
      provider.register(name);
      if (process.env['INCIDENT'] === 'fails') throw new Error('the connection to the provider was lost');
    },
  });
}

function named(
  order: number,
  name: string,
): { readonly id: string; readonly order: number; readonly name: string } {
  return { id: name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase(), order, name };
}
