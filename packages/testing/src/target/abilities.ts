/** What only some targets can do; the cases that need it ask for it by this name, and never for a system. */
export const TARGET_ABILITIES = {
  statements: 'A change sends statements, which may fail one by one and may end the transaction.',
  sharedTransactions:
    'A transaction can hold the entry of the ledger, because nothing in it commits by itself.',
  savepoints: 'A change may go back to a savepoint of its own, and so undo a statement that failed.',
  concurrentTransactions: 'Transactions of several changes can be open at once.',
  idleTimeout: 'The server ends the transaction of a process that is stopped.',
  endsHolders:
    'A transaction of an older run that has kept a newer one waiting for long enough is ended by force.',
  adoption:
    'A person may say that a target which is behind, ahead or of another environment is the one to use.',
  timeouts: 'A statement can be told how long it may wait for a lock, and how long it may take.',
  plainClients: 'There is a client that has no form that is bound to a transaction, such as the pool.',
  lostReplies: 'The connection can break after a request was sent and before its answer has arrived.',
  permissions: 'The user of a connection may lack a right.',
} as const satisfies Readonly<Record<string, string>>;

/** A key of {@link TARGET_ABILITIES}. */
export type TargetAbility = keyof typeof TARGET_ABILITIES;
