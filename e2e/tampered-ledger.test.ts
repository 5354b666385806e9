import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createFlamingock,
  defineChange,
  target,
  type DefinedChange,
  type Flamingock,
} from '@flamingock/core';
import { sqlAuditStore, SqlExecutor, sqlTarget } from '@flamingock/sql';
import Database from 'better-sqlite3';

const JANE = { actor: 'jane', reason: 'looked at it' };

let audit: Database.Database;
let orders: Database.Database;
beforeEach(() => {
  audit = new Database(':memory:');
  orders = new Database(':memory:');
});
afterEach(() => {
  audit.close();
  orders.close();
});

function engine(...changes: readonly DefinedChange[]): Flamingock {
  return createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore: sqlAuditStore(audit),
    targets: { 'orders-db': sqlTarget(orders), system: target({ clients: [] }) },
    changes,
    logger: false,
  });
}

const undoable = defineChange({
  id: 'undoable',
  order: 1,
  name: 'Undoable',
  targetSystem: 'orders-db',
  inject: { sql: SqlExecutor },
  apply: ({ sql }) => sql.execute('CREATE TABLE probe (name text)'),
  rollback: ({ sql }) => sql.execute('DROP TABLE probe'),
});
const failing = defineChange({
  id: 'failing',
  order: 2,
  name: 'Failing',
  targetSystem: 'system',
  apply() {
    throw new Error('nobody knows');
  },
});

/** Leaves twelve entries, of which the fifth is the failure, the sixth a person's word, and the last the outcome of a run. */
async function operate(): Promise<void> {
  await expect(engine(undoable, failing).run()).rejects.toMatchObject({ code: 'FLG_ISSUE_OPEN' });
  await engine(undoable, failing).resolve('failing', { as: 'ROLLED_BACK', ...JANE });
  await engine(undoable).undo({ last: true, ...JANE });
  await engine(undoable).run({ by: 'cli' });
}

describe('The ledger', () => {
  it('only grows, whatever runs and people do', async () => {
    await sqlAuditStore(audit).initialise();
    for (const verb of ['UPDATE', 'DELETE'])
      audit.exec(`CREATE TRIGGER no_${verb} BEFORE ${verb} ON flamingock_ledger
                  BEGIN SELECT RAISE(ABORT, 'an entry is for ever'); END`);
    await operate();
    const { entries, chain } = await engine().history();
    expect(chain).toEqual({ intact: true });
    expect(entries.map(({ kind }) => kind)).toEqual([
      ...['run', 'execution', 'execution', 'execution', 'execution', 'resolution'],
      ...['run', 'undo', 'undo', 'run', 'execution', 'execution'],
    ]);
    expect(() => audit.exec('DELETE FROM flamingock_ledger')).toThrow('an entry is for ever');
  });
});

describe('A ledger that somebody has tampered with', () => {
  it.each([
    ['edited', 6, `UPDATE flamingock_ledger SET entry = replace(entry, 'jane', 'john') WHERE sequence = 6`],
    ['edited in a column', 5, `UPDATE flamingock_ledger SET state = 'APPLIED' WHERE sequence = 5`],
    ['given another hash', 5, `UPDATE flamingock_ledger SET hash = upper(hash) WHERE sequence = 5`],
    ['taken out of the middle', 6, `DELETE FROM flamingock_ledger WHERE sequence = 5`],
    ['cut off the end', 12, `DELETE FROM flamingock_ledger WHERE sequence = 12`],
    [
      'inserted',
      6,
      `UPDATE flamingock_ledger SET sequence = -sequence WHERE sequence > 5;
       UPDATE flamingock_ledger SET sequence = 1 - sequence WHERE sequence < 0;
       INSERT INTO flamingock_ledger SELECT service, tenant, environment, 6, kind, change_id, state, execution_id,
         recorded_at, entry, hash FROM flamingock_ledger WHERE sequence = 5`,
    ],
    [
      'swapped with the next one',
      5,
      `UPDATE flamingock_ledger SET sequence = -sequence WHERE sequence IN (5, 6);
       UPDATE flamingock_ledger SET sequence = 11 + sequence WHERE sequence < 0`,
    ],
  ])('an entry was %s: history() names entry %d', async (_, sequence, sql) => {
    await operate();
    await expect(engine().history()).resolves.toMatchObject({ chain: { intact: true } });
    audit.exec(sql);
    await expect(engine().history()).resolves.toMatchObject({ chain: { intact: false, sequence } });
  });

  it('an entry was edited, and the chain rewritten from there: only a head from before tells', async () => {
    await operate();
    const { head } = await engine().history();
    rewrite(6, (text) => text.replace('jane', 'john'));
    const { chain, entries, head: rewritten } = await engine().history();
    expect(entries[5]).toMatchObject({ actor: 'john' });
    expect(chain).toEqual({ intact: true });
    if (head === undefined || rewritten === undefined) throw new Error('There is no head.');
    await expect(engine().history({ anchor: rewritten })).resolves.toMatchObject({ chain: { intact: true } });
    await expect(engine().history({ anchor: head })).resolves.toMatchObject({
      chain: { intact: false, sequence: 12, reason: expect.stringContaining('rewritten') },
    });
  });
});

/** Edits an entry, and makes all hashes from there on fit again. */
function rewrite(from: number, edit: (text: string) => string): void {
  const update = audit.prepare('UPDATE flamingock_ledger SET entry = ?, hash = ? WHERE sequence = ?');
  const rows = audit
    .prepare('SELECT sequence, entry, hash FROM flamingock_ledger WHERE sequence >= ? ORDER BY sequence')
    .all(from) as { sequence: number; entry: string; hash: string }[];
  const hashes = new Map<string, string>();
  for (const { sequence, entry, hash } of rows) {
    const linked = entry.replace(/"previousHash":"(\w+)"/, (member, previous: string) =>
      member.replace(previous, hashes.get(previous) ?? previous),
    );
    const text = sequence === from ? edit(linked) : linked;
    const newHash = createHash('sha256').update(text).digest('hex');
    hashes.set(hash, newHash);
    update.run(text, newHash, sequence);
  }
}
