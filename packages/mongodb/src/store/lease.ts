import type { LeaseRequest } from '@flamingock/core/spi';
import type { Document } from 'mongodb';

/** The server's clock in a statement, in milliseconds. Compared as numbers, which every server does alike. */
const NOW = { $toLong: '$$NOW' };

function fromNow(ms: number): Document {
  return { $toDate: { $add: [NOW, ms] } };
}

/**
 * Gives the lock to whoever asks where it is free, expired by the server's clock, or the asker's already; changes nothing
 * where it is not. For a document that may be missing (`upsert`).
 */
export function acquisition({ owner, host, processId, leaseMs }: LeaseRequest): Document[] {
  const mine = { $literal: owner };
  const holder = { $ifNull: ['$owner', null] };
  const given = (value: unknown, kept: unknown): Document => ({ $cond: ['$given', value, kept] });
  return [
    {
      $set: {
        given: {
          $or: [{ $eq: [holder, null] }, { $eq: [holder, mine] }, { $lte: [{ $toLong: '$expiresAt' }, NOW] }],
        },
        taken: { $cond: [{ $in: [holder, [null, mine]] }, null, holder] },
      },
    },
    {
      $set: {
        owner: given(mine, '$owner'),
        tookOverFrom: given('$taken', '$tookOverFrom'),
        host: given({ $literal: host }, '$host'),
        processId: given(processId, '$processId'),
        acquiredAt: given(fromNow(0), '$acquiredAt'),
        expiresAt: given(fromNow(leaseMs), '$expiresAt'),
        leaseMs: given(leaseMs, '$leaseMs'),
        highestSequence: { $ifNull: ['$highestSequence', 0] },
        completeFor: given(null, '$completeFor'),
      },
    },
    { $unset: ['given', 'taken'] },
  ];
}

/** Extends the lease of its owner. */
export function renewal({ leaseMs }: LeaseRequest, highestSequence: number): Document[] {
  return [{ $set: { expiresAt: fromNow(leaseMs), leaseMs, highestSequence: atLeast(highestSequence) } }];
}

/** Gives the lock back. */
export function release(highestSequence: number, completeFor: string | undefined): Document[] {
  return [
    {
      $set: {
        owner: null,
        highestSequence: atLeast(highestSequence),
        completeFor: { $literal: completeFor ?? null },
      },
    },
  ];
}

function atLeast(highestSequence: number): Document {
  return { $max: ['$highestSequence', highestSequence] };
}
