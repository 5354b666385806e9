import type { AuditStore } from '../ledger/audit-store.js';
import type { TransactionStrategy } from '../ledger/entry.js';
import type { AssignedChange } from './assign-target.js';
import type { Target } from '../target/target.js';

/** How a change will be executed, told by what its target can do and whether it is built on the store's very own driver object. */
export function strategyOf(change: AssignedChange, target: Target, store: AuditStore): TransactionStrategy {
  if (target.transactions === undefined || change.transactional === false) return 'NON_TX';
  const shared = store.capabilities.sharedTransactions && target.transactions.driver === store.driver;
  return shared ? 'TX_SHARED' : 'TX_SEPARATE';
}
