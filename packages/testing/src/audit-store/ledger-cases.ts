import assert from 'node:assert/strict';
import { hasCode, type LedgerEntry, type LedgerKey } from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { same } from '../same.js';
import { provided } from '../provided.js';
import { patiently } from '../patiently.js';
import { auditCase, auditCaseWith, initialisedStore, refused, withSessions } from './audit-case.js';
import type { AuditStoreHarness } from './harness.js';
import { columnsOf, hashOf, KEY, sealed, sealedRun, stored } from './samples.js';

const RACES = 30;

/** Texts that databases and drivers like to change. */
const ODD_TEXTS: Readonly<Record<string, string>> = {
  'JSON with odd spacing and order': '{ "b" : 1.0,\n\t"a":1e3, "a":2 }',
  quotes: `it's "quoted" \`twice\` and ''doubled''`,
  backslashes: String.raw`C:\new\table \u0041 \\ \' %s $1 ? :name`,
  'emoji and other planes': '👩‍👩‍👧‍👦 𝒳 🇩🇪',
  'right to left': 'שלום \u202eabc\u202c مرحبا',
  'combining characters': 'e\u0301 \u00e9 \u1e9b\u0323',
  'line ends': 'a\nb\r\nc\rd\u2028e\u2029f\u0085g',
  'controls and blanks': '\u0001\u001f\u007f\ufeff\u00a0 trailing   ',
  'a null in JSON': String.raw`{"text":"\u0000"}`,
  'no text at all': '',
};

/** Ids that databases refuse or take for SQL; the text of an entry has them in a form that every database keeps. */
const ODD_IDS: Readonly<Record<string, string>> = {
  NUL: 'add\0column',
  'a lone surrogate': 'add\ud800column',
  'quotes and backslashes': String.raw`add'; DROP TABLE x; --\"$1`,
};

/** Other keys that a careless comparison takes for {@link KEY}. */
const NEAR_KEYS: readonly LedgerKey[] = [
  { ...KEY, service: 'Orders' },
  { ...KEY, service: 'orders ' },
  { ...KEY, environment: 'PRODUCTION' },
  { ...KEY, environment: 'production ' },
  { ...KEY, environment: 'prod%' },
  { ...KEY, tenant: ' ' },
  { ...KEY, tenant: 'null' },
  { service: 'ordersproduction', environment: '', tenant: '' },
  { service: 'é', environment: 'production', tenant: '' },
  { service: 'e\u0301', environment: 'production', tenant: '' },
];

/** Appending and reading. */
export const ledgerCases: readonly ContractCase<AuditStoreHarness>[] = [
  auditCase('an entry is found again exactly as it was appended', (database) =>
    withSessions(database, async (session) => {
      const store = await initialisedStore(database);
      await session.append(KEY, sealed(1));
      const { entries, initialised } = await store.read(KEY, 0);
      assert.equal(initialised, true);
      same(entries, [stored(sealed(1))]);
      same((await session.read(KEY, 0)).entries, entries);
      same(await database.rawEntries(KEY), entries, 'the database holds what the store reads');
    }),
  ),

  ...Object.entries({ ...ODD_TEXTS, 'a megabyte': 'ä€😀'.repeat(120_000) }).map(([what, text]) =>
    auditCase(`a text is kept exactly: ${what}`, (database) =>
      withSessions(database, async (first, second) => {
        await first.append(KEY, sealed(1, text));
        same(await database.rawEntries(KEY), [stored(sealed(1, text))]);
        same((await second.read(KEY, 0)).entries, [stored(sealed(1, text))]);
      }),
    ),
  ),

  ...Object.entries(ODD_IDS).map(([what, changeId]) =>
    auditCase(`an entry is kept whatever the id of its change has: ${what}`, (database) =>
      withSessions(database, async (session) => {
        const plain = sealed(1);
        await session.append(KEY, { ...plain, entry: { ...plain.entry, changeId } as LedgerEntry });
        same(await database.rawEntries(KEY), [stored(plain)]);
      }),
    ),
  ),

  auditCase('entries are read in the order of their sequence', (database) =>
    withSessions(database, async (session) => {
      const sequences = Array.from({ length: 120 }, (_, index) => index + 1);
      for (const sequence of sequences) await session.append(KEY, sealed(sequence));
      const { entries } = await session.read(KEY, 0);
      same(
        entries,
        sequences.map((sequence) => stored(sealed(sequence))),
      );
      same(await database.rawEntries(KEY), entries);
    }),
  ),

  auditCase('only entries above the asked sequence are read, and the others are counted', (database) =>
    withSessions(database, async (first, second) => {
      for (const sequence of [1, 2, 3, 4]) await first.append(KEY, sealed(sequence));
      await first.append({ ...KEY, tenant: 'acme' }, sealed(1));
      const read = async (after: number): Promise<readonly unknown[]> => {
        const { entries, preceding } = await second.read(KEY, after);
        return [preceding, entries.map(({ sequence }) => sequence)];
      };
      same(await read(0), [0, [1, 2, 3, 4]]);
      same(await read(1), [1, [2, 3, 4]]);
      same(await read(3), [3, [4]]);
      same(await read(4), [4, []]);
      same(await read(99), [4, []]);
      await database.editEntry(KEY, 2, undefined);
      same(await read(1), [1, [3, 4]]);
      same(await read(3), [2, [4]], 'one of them is not there any more');
    }),
  ),

  auditCase('what one instance appended, another one reads at once', (database) =>
    withSessions(database, async (first, second) => {
      for (const sequence of [1, 2, 3]) {
        const [writer, reader] = sequence % 2 === 0 ? [second, first] : [first, second];
        await writer.append(KEY, sealed(sequence));
        assert.equal((await reader.read(KEY, 0)).entries.length, sequence);
      }
    }),
  ),

  auditCase('a sequence is taken once, by whichever instance', (database) =>
    withSessions(database, async (first, second) => {
      await first.append(KEY, sealed(1, 'the first'));
      await refused(() => first.append(KEY, sealed(1, 'the same instance')), 'FLG_SEQUENCE_TAKEN');
      await refused(() => second.append(KEY, sealed(1, 'another instance')), 'FLG_SEQUENCE_TAKEN');
      await refused(() => second.append(KEY, sealed(1, 'the first')), 'FLG_SEQUENCE_TAKEN');
      await second.append(KEY, sealed(2));
      same(await database.rawEntries(KEY), [stored(sealed(1, 'the first')), stored(sealed(2))]);
    }),
  ),

  auditCase('of two instances that append the same sequence at once exactly one succeeds', (database) =>
    withSessions(database, async (first, second) => {
      for (let sequence = 1; sequence <= RACES; sequence += 1) {
        const results = await Promise.all(
          [first, second].map((session, index) =>
            patiently(() => session.append(KEY, sealed(sequence, `from ${index}`))).then(
              () => `from ${index}`,
              (error: unknown) => {
                assert.ok(hasCode(error, 'FLG_SEQUENCE_TAKEN'), String(error));
                return undefined;
              },
            ),
          ),
        );
        const winners = results.filter((result) => result !== undefined);
        assert.equal(winners.length, 1, `${winners.length} instances have written entry ${sequence}`);
        assert.equal((await database.rawEntries(KEY)).at(-1)?.text, winners[0]);
      }
    }),
  ),

  auditCase('the chain of hashes holds from one entry to the next, whoever reads it', (database) =>
    withSessions(database, async (first, second) => {
      let previousHash = '';
      for (let sequence = 1; sequence <= 5; sequence += 1) {
        const entry = sealed(
          sequence,
          JSON.stringify({ sequence, previousHash, note: `"${sequence}.0" é😀` }),
        );
        await (sequence % 2 === 0 ? second : first).append(KEY, entry);
        previousHash = entry.hash;
      }
      let expected = '';
      for (const { text, hash } of (await second.read(KEY, 0)).entries) {
        assert.equal((JSON.parse(text) as { previousHash: string }).previousHash, expected);
        assert.equal(hashOf(text), hash, 'the hash is that of the text, to the byte');
        expected = hash;
      }
      assert.equal(expected, previousHash);
    }),
  ),

  auditCase('an entry that somebody has edited, or deleted, is read as it stands', (database) =>
    withSessions(database, async (session) => {
      const entries = [1, 2, 3].map((sequence) => sealed(sequence));
      for (const entry of entries) await session.append(KEY, entry);
      const [first, second, third] = entries.map(stored);
      await database.editEntry(KEY, 2, 'edited');
      const edited = { sequence: 2, text: 'edited', hash: second?.hash };
      same(
        (await session.read(KEY, 0)).entries,
        [first, edited, third],
        'text and hash disagree for all to see',
      );
      await database.editEntry(KEY, 2, undefined);
      same((await session.read(KEY, 0)).entries, [first, third], 'the gap is there for all to see');
    }),
  ),

  auditCaseWith(
    ['columns'],
    'the columns beside a text are those of its entry, and are read as they stand',
    (database) =>
      withSessions(database, async (session) => {
        const entries = [sealed(1), sealedRun(2), sealed(3)];
        for (const entry of entries) await session.append(KEY, entry);
        await session.append({ ...KEY, tenant: 'acme' }, sealed(1));
        const store = await initialisedStore(database);
        const columns = (): Promise<readonly unknown[]> => provided('columns', store.columns?.(KEY));
        const expected = entries.map(({ entry }) => columnsOf(entry));
        same(await columns(), expected);
        await provided('columns', database.editState?.(KEY, 3, 'FAILED'));
        same(await columns(), [...expected.slice(0, 2), { ...columnsOf(sealed(3).entry), state: 'FAILED' }]);
        same((await session.read(KEY, 0)).entries, entries.map(stored), 'the text is what counts');
      }),
  ),

  auditCase('ledgers of similar keys are kept apart', (database) =>
    withSessions(database, async (session) => {
      const keys = [KEY, ...NEAR_KEYS];
      for (const key of keys) await session.append(key, sealed(1, JSON.stringify(key)));
      for (const key of keys) {
        const expected = [stored(sealed(1, JSON.stringify(key)))];
        same((await session.read(key, 0)).entries, expected, JSON.stringify(key));
        same(await database.rawEntries(key), expected, JSON.stringify(key));
      }
    }),
  ),

  auditCase('the environments of a service and tenant are those with a ledger', (database) =>
    withSessions(database, async (session) => {
      const store = await initialisedStore(database);
      same(await store.environments(KEY.service, KEY.tenant), []);
      for (const environment of ['production', 'staging', 'Staging']) {
        await session.append({ ...KEY, environment }, sealed(1));
        await session.append({ ...KEY, environment }, sealed(2));
      }
      await session.append({ service: 'billing', environment: 'test', tenant: '' }, sealed(1));
      await session.append({ ...KEY, environment: 'test', tenant: 'acme' }, sealed(1));
      await session.append({ ...KEY, environment: 'test', tenant: 'globex' }, sealed(1));
      const environments = async (tenant: string): Promise<readonly string[]> =>
        [...(await store.environments(KEY.service, tenant))].sort();
      same(await environments(KEY.tenant), ['Staging', 'production', 'staging']);
      same(await environments('acme'), ['test']);
      same(await environments('new'), ['Staging', 'production', 'staging', 'test'], 'those of other tenants');
      same(await store.environments('unknown', ''), []);
    }),
  ),

  auditCase('every ledger of the store is listed once, whosever it is', (database) =>
    withSessions(database, async (session) => {
      const store = await initialisedStore(database);
      same(await store.ledgers(), []);
      const keys = [
        KEY,
        { ...KEY, environment: 'staging' },
        { ...KEY, tenant: 'acme' },
        { ...KEY, service: 'Orders' },
      ];
      for (const key of keys) {
        await session.append(key, sealed(1, JSON.stringify(key)));
        await session.append(key, sealed(2, JSON.stringify(key)));
      }
      const names = (all: readonly LedgerKey[]): readonly string[] =>
        all.map(({ service, environment, tenant }) => JSON.stringify([service, environment, tenant])).sort();
      same(names(await store.ledgers()), names(keys));
    }),
  ),
];
