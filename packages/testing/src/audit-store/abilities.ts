/** What only some systems can do; the cases that need it ask for it by this name, and never for a system. */
export const AUDIT_STORE_ABILITIES = {
  tables: 'A new database has no tables: `initialise` creates them, and they have a version.',
  settings: 'A connection has settings that the engine changes for its own statements.',
  columns: 'Columns are kept beside the text of an entry, for queries.',
  checkpoints: 'How far long changes have come is kept, by the attempt that has claimed it.',
  declarations: 'A ledger that completes what is declared says so, and a start need not read its entries.',
  sharedTransactions: 'An entry can be appended inside a transaction of a target on the same driver object.',
  concurrentSessions: 'A session and other work can be open at once on one driver object.',
  poolOfOne: 'The driver can be a pool, and a pool may have a single connection.',
  timeZones: 'A connection has a time zone.',
  serverClock: 'The clock is that of a server or a library, and not that of the JavaScript process.',
  lostReplies: 'The connection can break after a request was sent and before its answer has arrived.',
  permissions: 'The user of a connection may lack a right.',
} as const satisfies Readonly<Record<string, string>>;

/** A key of {@link AUDIT_STORE_ABILITIES}. */
export type AuditStoreAbility = keyof typeof AUDIT_STORE_ABILITIES;
