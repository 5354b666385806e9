import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a fifth change of the sample, whose effect can be counted: twice would be seen.
 *
 * @param {string} changes the folder of changes of a built application
 */
export async function writeCountedChange(changes) {
  await writeFile(
    join(changes, '_0005__RaiseQuantities.js'),
    `import { defineChange } from '@flamingock/core';
import { EntityManager } from 'typeorm';

export default defineChange({
  id: 'raise-quantities',
  targetSystem: 'orders-db',
  inject: { orders: EntityManager },
  async apply({ orders }) {
    await orders.query('UPDATE orders SET quantity = quantity + 1');
  },
});
`,
  );
}

/**
 * Writes a sixth change, which holds and then asks the contract service for something that it refuses.
 *
 * @param {string} changes the folder of changes of a built application
 * @param {string} goAhead the change goes on when this file is there
 */
export async function writeRefusedChange(changes, goAhead) {
  await writeFile(
    join(changes, '_0006__AddColour.js'),
    `import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { ApiContractService } from '../clients/api-contract.service.js';

export default defineChange({
  id: 'add-colour',
  targetSystem: 'api-contracts',
  inject: { contracts: ApiContractService },
  async apply({ contracts }, { log, signal }) {
    log.info('holds');
    while (!existsSync(${JSON.stringify(goAhead)})) await pause(50, undefined, { signal });
    await contracts.addField('order-response', { name: 'colour', type: 'a type that there is not' });
  },
});
`,
  );
}
