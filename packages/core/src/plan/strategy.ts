import type { AuditStore } from '../ledger/audit-store.js';
import type { TransactionStrategy } from '../ledger/entry.js';
import type { AssignedChange } from './assign-target.js';
import type { Target } from '../target/target.js';
import { transactionsFor } from './transactions-for.js';

/** How a change will be executed, told by what its target can do and whether it is built on the store's very own driver object. */
export function strategyOf(change: AssignedChange, target: Target, store: AuditStore): TransactionStrategy {
  const transactions = transactionsFor(change, target);
  if (transactions === undefined) return 'NON_TX';
  const shared = store.capabilities.sharedTransactions && transactions.driver === store.driver;
  return shared ? 'TX_SHARED' : 'TX_SEPARATE';
}
