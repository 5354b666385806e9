import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const FIFTH_CHANGE = '_0005__AddPaymentStatusToOrderResponse';

/**
 * Writes the change that the next release brings, as it looks when it is built. It takes as long as it is told to,
 * so that the other replicas have to wait.
 *
 * @param {string} changes the folder of changes of a built application
 * @param {string} goAhead the change goes on when this file is there
 */
export async function writeFifthChange(changes, goAhead) {
  await writeFile(
    join(changes, `${FIFTH_CHANGE}.js`),
    `import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { ApiContractService } from '../clients/api-contract.service.js';

export default defineChange({
  id: 'add-payment-status-to-order-response',
  targetSystem: 'api-contracts',
  inject: { contracts: ApiContractService },
  async apply({ contracts }, { log, signal }) {
    log.info('takes its time');
    while (!existsSync(${JSON.stringify(goAhead)})) await pause(50, undefined, { signal });
    await contracts.addField('order-response', { name: 'paymentStatus', type: 'string' });
  },
});
`,
  );
}
