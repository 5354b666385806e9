/** How parts of the simulated systems can be built wrongly, to show that the checks would notice. */
export const DEFECTS = [
  'the ledger takes a sequence twice',
  'the lock is given to whoever asks',
  'the store judges by the clock of the client',
  'a lease is renewed for whoever asks',
  'the fence matches every run',
  'a claim does not wait for open transactions',
  'the fence is marked as applied at the beginning',
  'a commit without an answer counts as rolled back',
  'a commit without an answer counts as committed',
  'the outcome is appended outside of the transaction',
  'a checkpoint is read long before it is claimed',
  'a checkpoint is saved for whoever asks',
  'a checkpoint that comes late takes the place of its successor',
] as const;

export type Defect = (typeof DEFECTS)[number];

export type Defects = ReadonlySet<Defect>;
