import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Sandbox } from '../harness/sandbox.mjs';
import { Repository } from './repository.js';
import { problemsOf } from './schemas.js';

const LONG = 90_000;

let sandbox: Sandbox;
let repository: Repository;
beforeEach(async () => {
  sandbox = await Sandbox.open();
  // No secret is there, so no store and no target system could be made.
  repository = await Repository.make(sandbox.path('project'));
}, LONG);
afterEach(() => sandbox.close());

test(
  'a sequence that is as changes.lock has it is in order, without any system',
  async () => {
    expect(await repository.run('check')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^✔ 3 changes, as .*changes\.lock has them\n$/),
      stderr: '',
    });
    const answer = await repository.json('check');
    expect(problemsOf('check', answer)).toBeUndefined();
    expect(answer).toMatchObject({ ok: true, service: 'orders', fix: null, problems: [] });
    expect(await repository.read('changes.lock')).toMatch(/^#.*\n[^]*\n\n0001 create-orders\n/);
    await repository.remove('changes.lock');
    expect(await repository.codes()).toEqual(['FLG_CHANGES_LOCK_MISSING']);
  },
  LONG,
);

test(
  'everything that is wrong is told together: in the files, and against changes.lock',
  async () => {
    await repository.write('changes/_0004__Broken.ts', "throw new Error('not ready');\n");
    await repository.write('changes/notes.ts', 'export {};\n');
    await repository.addFunction('_0002__AddDiscount', 'add-totals', 'discount');
    const { code, stdout } = await repository.run('check');
    expect(code).toBe(2);
    expect(stdout).toMatch(/FLG_CHANGE_IMPORT: changes\/_0004__Broken\.ts: .*not ready[^]*-> /);
    for (const told of [
      'FLG_CHANGE_NAME: changes/notes.ts',
      'FLG_CHANGE_ORDER_DUPLICATE: The order 2 is declared by changes/_0002__',
      "FLG_CHANGE_ID_DUPLICATE: The id 'add-totals' is declared by",
    ])
      expect(stdout).toContain(told);
    const before = await repository.read('changes.lock');
    expect(await repository.run('check', '--fix')).toMatchObject({ code: 2 });
    expect(await repository.read('changes.lock')).toBe(before);
  },
  LONG,
);

test(
  'with an environment its target systems are made, and each change must have one',
  async () => {
    await repository.addClass('_0004__AddDiscount', 'add-discount', 'discount');
    const text = await repository.read('changes/_0004__AddDiscount.ts');
    await repository.write('changes/_0004__AddDiscount.ts', text.replace('orders-db', 'order-db'));
    expect(await repository.run('check', '--fix')).toMatchObject({ code: 0 });
    expect(await repository.run('check', '-e', 'production')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('FLG_SECRET_MISSING'),
    });
    const made = repository.with({
      AUDIT_URL: sandbox.path('audit.db'),
      ORDERS_URL: sandbox.path('orders.db'),
    });
    const { code, stdout } = await made.run('check', '-e', 'production');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^✘ FLG_TARGET_UNKNOWN: _0004__AddDiscount .*\n.*Did you mean 'orders-db'\?.*\n$/);
  },
  LONG,
);

test(
  'what is locked is taken out, renamed, moved or edited only with a word, which says what it means',
  async () => {
    const totals = await repository.read('changes/_0003__AddTotals.ts');
    const orders = await repository.read('changes/_0001__CreateOrders.ts');
    await repository.remove('changes/_0002__RegisterOrderEvent.ts');
    await repository.write(
      'changes/_0001__CreateOrders.ts',
      orders.replace("author: 'orders-team'", "revision: '2'"),
    );
    await repository.remove('changes/_0003__AddTotals.ts');
    await repository.write(
      'changes/_0005__AddTotals.ts',
      totals.replaceAll('_0003__AddTotals', '_0005__AddTotals'),
    );
    expect(await repository.codes()).toEqual([
      'FLG_CHANGE_REVISED',
      'FLG_CHANGE_GONE',
      'FLG_CHANGE_REORDERED',
    ]);
    const refused = await repository.run('check', '--fix');
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain('An environment that has applied it refuses to start without it');
    expect(await repository.locked()).toEqual([
      '0001 create-orders',
      '0002 register-order-event',
      '0003 add-totals',
    ]);

    const some = await repository.json('check', '--fix', '--accept', 'register-order-event');
    expect(problemsOf('check', some)).toBeUndefined();
    expect(some).toMatchObject({ ok: false, fix: { accepted: [{ kind: 'gone', declared: null }] } });
    const all = await repository.run('check', '--fix', '--accept', 'create-orders', 'add-totals');
    expect(all.code).toBe(0);
    expect(await repository.locked()).toEqual(['0001 create-orders revision=2', '0005 add-totals']);

    await repository.write('changes/_0001__CreateOrders.ts', orders.replace('create-orders', 'make-orders'));
    expect(await repository.codes()).toEqual(['FLG_CHANGE_RENAMED']);
    expect((await repository.run('check', '--fix', '--accept', 'mak-orders')).stderr).toContain(
      'Known: create-orders.',
    );
    expect(await repository.run('check', '--fix', '--accept', 'make-orders')).toMatchObject({ code: 0 });
    expect(await repository.locked()).toEqual(['0001 make-orders', '0005 add-totals']);
  },
  LONG,
);

test(
  'what is new and stands below what is locked goes above it: its file, what stands beside it, its class, and its order',
  async () => {
    await repository.addClass('_0002__AddDiscount', 'add-discount', 'discount');
    await repository.write('changes/_0002__AddDiscount.sql', '-- of _0002__AddDiscount\n');
    await repository.write(
      'changes/_0002__AddDiscount.test.ts',
      "import { _0002__AddDiscount } from './_0002__AddDiscount.js';\n",
    );
    await repository.addFunction('_002__AddAddress', '0002-add-address', 'address');
    const before = await repository.changes();
    const dry = await repository.json('check', '--fix', '--dry-run');
    expect(problemsOf('check', dry)).toBeUndefined();
    expect(dry).toMatchObject({
      ok: true,
      fix: {
        dryRun: true,
        wroteLock: false,
        renumbered: [
          { id: 'add-discount', order: '2', newOrder: '4' },
          { id: '0002-add-address', newId: '0005-add-address', newOrder: '5' },
        ],
      },
    });
    expect(await repository.changes()).toEqual(before);

    expect(await repository.run('check', '--fix')).toMatchObject({ code: 0 });
    expect((await repository.changes()).slice(3)).toEqual([
      '_0004__AddDiscount.sql',
      '_0004__AddDiscount.test.ts',
      '_0004__AddDiscount.ts',
      '_005__AddAddress.ts',
    ]);
    expect(await repository.read('changes/_0004__AddDiscount.ts')).toContain('class _0004__AddDiscount {');
    expect(await repository.read('changes/_0004__AddDiscount.test.ts')).not.toContain('_0002__');
    expect(await repository.read('changes/_0004__AddDiscount.sql')).toBe('-- of _0002__AddDiscount\n');
    expect((await repository.locked()).slice(3)).toEqual(['0004 add-discount', '0005 0005-add-address']);
  },
  LONG,
);

test(
  'what cannot be renumbered safely is left as it is',
  async () => {
    await repository.addClass('_0002__AddDiscount', 'add-discount', 'discount');
    await repository.write('report.ts', "import './changes/_0002__AddDiscount.js';\n");
    const before = await repository.changes();
    const named = await repository.run('check', '--fix');
    expect(named).toMatchObject({ code: 2, stdout: '' });
    expect(named.stderr).toMatch(
      /FLG_CHANGE_NOT_RENUMBERED: _0002__AddDiscount .*it is named in .*report\.ts/,
    );

    await repository.remove('report.ts');
    const text = await repository.read('changes/_0002__AddDiscount.ts');
    // Its order comes from somewhere else, which only shows when the file is read again.
    const hidden = text.replace("id: 'add-discount'", "id: 'add-discount', order: 1 + 1");
    await repository.write('changes/_0002__AddDiscount.ts', hidden);
    const unread = await repository.run('check', '--fix');
    expect(unread.stderr).toMatch(/FLG_CHANGE_NOT_RENUMBERED: .*taken back.*FLG_CHANGE_MISMATCH/);
    expect(await repository.changes()).toEqual(before);
    expect(await repository.read('changes/_0002__AddDiscount.ts')).toBe(hidden);
    expect(await repository.locked()).toHaveLength(3);
  },
  LONG,
);
