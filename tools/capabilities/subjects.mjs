import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} AuditStoreSubject
 * @property {string} name
 * @property {import('@flamingock/testing').AuditStoreHarness} harness that of its contract tests
 * @property {() => import('@flamingock/core').AuditStore} sample one that is connected to nothing
 */

/**
 * @typedef {object} TargetSubject
 * @property {string} name
 * @property {import('@flamingock/testing').TargetHarness} [harness] that of its contract tests
 * @property {string} [lacksTransactions] why there is no harness
 * @property {() => import('@flamingock/core').Target} sample one that is connected to nothing
 */

/**
 * What the packages tell of their stores and targets, each in its own `test/contract-subjects.ts`.
 *
 * @returns {Promise<{ auditStores: AuditStoreSubject[], targets: TargetSubject[] }>}
 */
export async function contractSubjects() {
  const files = readdirSync('packages')
    .map((name) => resolve('packages', name, 'test/contract-subjects.ts'))
    .filter((file) => existsSync(file));
  /** @type {{ auditStores: AuditStoreSubject[], targets: TargetSubject[] }[]} */
  const found = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  // Memory first: it is what the others are compared with.
  const packages = found.toSorted((a, b) => Number(inMemory(b)) - Number(inMemory(a)));
  return {
    auditStores: packages.flatMap(({ auditStores }) => auditStores),
    targets: packages.flatMap(({ targets }) => targets),
  };
}

/** @param {{ auditStores: AuditStoreSubject[] }} subjects */
function inMemory({ auditStores }) {
  return auditStores.some(({ sample }) => sample().kind === 'memory');
}
