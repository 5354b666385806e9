import type { LockRecord } from '@flamingock/core';
import { moment, span } from './time-text.js';

/** The lock as a program is told of it; times in milliseconds. */
export interface ToldLock {
  readonly owner: string;
  readonly host: string;
  readonly processId: number;
  readonly acquiredAt: string;
  readonly renewedAt: string;
  readonly sinceRenewalMs: number;
  readonly expiresAt: string;
  /** `false`: its lease has run out, and whoever comes next takes over. */
  readonly held: boolean;
}

/** What is to be told of a lock, at the time of the store. */
export function toldLock(lock: LockRecord | undefined, now: number): ToldLock | null {
  if (lock === undefined) return null;
  const { owner, host, processId, acquiredAt, expiresAt, leaseMs } = lock;
  const renewedAt = expiresAt - leaseMs;
  return {
    owner,
    host,
    processId,
    acquiredAt: moment(acquiredAt),
    renewedAt: moment(renewedAt),
    sinceRenewalMs: Math.max(0, now - renewedAt),
    expiresAt: moment(expiresAt),
    held: expiresAt > now,
  };
}

/** The lock in one line. */
export function lockLine(lock: LockRecord | undefined, now: number): string {
  if (lock === undefined) return 'free';
  const { host, processId, acquiredAt, expiresAt, leaseMs } = lock;
  const who = `process ${processId} on ${host}, since ${moment(acquiredAt)}`;
  const renewed = `last renewed ${span(now - (expiresAt - leaseMs))} ago`;
  return expiresAt > now
    ? `held by ${who}; ${renewed}, runs out in ${span(expiresAt - now)}`
    : `left behind by ${who}; ${renewed}, ran out ${span(now - expiresAt)} ago`;
}
