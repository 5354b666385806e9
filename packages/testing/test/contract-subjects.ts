import { httpTarget, memoryAuditStore, memoryTarget, target } from '@flamingock/core';
import { memoryHarness } from './memory-harness.js';
import { memoryTargetHarness } from './memory-target-harness.js';

/** What `docs/capabilities.md` tells of the core's stores and targets. Nothing is connected to. */
export const auditStores = [
  { name: '`memoryAuditStore`', harness: memoryHarness, sample: () => memoryAuditStore() },
];

export const targets = [
  { name: '`memoryTarget`', harness: memoryTargetHarness, sample: () => memoryTarget() },
  {
    name: '`httpTarget`',
    lacksTransactions: 'a request that was answered cannot be taken back',
    sample: () => httpTarget({ baseUrl: 'https://gateway.example' }),
  },
  {
    name: '`target`',
    lacksTransactions: 'nothing is known of the system',
    sample: () => target({ clients: [] }),
  },
];
