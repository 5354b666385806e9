import assert from 'node:assert/strict';
import { type AuditSession, type AuditStore, type ErrorCode, hasCode } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { patiently } from '../patiently.js';
import type { AuditDatabase, AuditStoreAbility, AuditStoreHarness } from './harness.js';

/** A case with a database of its own. */
export function auditCase(
  name: string,
  check: (database: AuditDatabase) => Promise<void>,
): ContractCase<AuditStoreHarness> {
  return { name, run: (harness) => withDatabase(harness, check) };
}

/** A case for stores with an ability, and what must be true of a store without it. */
export function auditCaseWith(
  ability: AuditStoreAbility,
  name: string,
  check: (database: AuditDatabase) => Promise<void>,
  otherwise: (database: AuditDatabase) => Promise<void>,
): ContractCase<AuditStoreHarness> {
  return {
    name,
    run: (harness) => withDatabase(harness, harness.lacks?.[ability] === undefined ? check : otherwise),
  };
}

async function withDatabase(
  harness: AuditStoreHarness,
  check: (database: AuditDatabase) => Promise<void>,
): Promise<void> {
  const database = await harness.database();
  try {
    await check(database);
  } finally {
    await database.close();
  }
}

/** A store whose tables exist. */
export async function initialisedStore(database: AuditDatabase): Promise<AuditStore> {
  const store = await database.store();
  await patiently(() => store.initialise());
  return store;
}

/** Runs some work with the sessions of two instances, and closes them. */
export async function withSessions(
  database: AuditDatabase,
  work: (first: AuditSession, second: AuditSession) => Promise<void>,
): Promise<void> {
  const first = await (await initialisedStore(database)).openSession();
  const second = await (await initialisedStore(database)).openSession();
  try {
    await work(first, second);
  } finally {
    await first.close();
    await second.close();
  }
}

/** The request must be refused with one of the codes. */
export async function refused(request: () => Promise<unknown>, ...codes: ErrorCode[]): Promise<void> {
  try {
    await patiently(request);
  } catch (error) {
    if (codes.some((code) => hasCode(error, code))) return;
    throw new assert.AssertionError({ message: `${codes.join(' or ')} was expected, not ${String(error)}` });
  }
  assert.fail(`${codes.join(' or ')} was expected, but it was accepted`);
}
