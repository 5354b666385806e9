import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { provided } from '../provided.js';
import { patiently } from '../patiently.js';
import { auditCase, auditCaseWith, initialisedStore, refused } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { KEY, sealed, stored } from './samples.js';

/** The tables: their absence, their creation, their version. */
export const schemaCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCaseWith(
    ['tables'],
    'a database without tables is read as not initialised, and reading creates nothing',
    async (database) => {
      const store = await database.store();
      for (let round = 0; round < 2; round += 1) {
        const { now, complete = false, ...content } = await store.read(KEY, 0);
        assert.equal(complete, false);
        same(content, { initialised: false, entries: [], preceding: 0, lock: undefined, highestSequence: 0 });
        assert.ok(Number.isSafeInteger(now), 'the clock is read as well');
      }
      same(await store.environments(KEY.service, KEY.tenant), []);
    },
  ),

  auditCase('several instances may create the tables at the same time', async (database) => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => database.store()));
    await Promise.all(stores.map((store) => patiently(() => store.initialise())));
    for (const store of stores) {
      const { initialised, entries } = await store.read(KEY, 0);
      same({ initialised, entries }, { initialised: true, entries: [] });
    }
  }),

  auditCase('creating the tables again keeps what they hold', async (database) => {
    const store = await initialisedStore(database);
    const session = await store.openSession();
    await session.append(KEY, sealed(1));
    await session.close();
    await (await database.store()).initialise();
    same(await database.rawEntries(KEY), [stored(sealed(1))]);
  }),

  ...[0, 2, 99].map((version) =>
    auditCaseWith(['tables'], `tables of version ${version} are refused`, async (database) => {
      const store = await initialisedStore(database);
      await provided('tables', database.setSchemaVersion?.(version));
      await refused(() => store.read(KEY, 0), 'FLG_STORE_VERSION');
      await refused(() => store.initialise(), 'FLG_STORE_VERSION');
    }),
  ),
];
