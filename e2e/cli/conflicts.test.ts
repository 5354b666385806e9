import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Sandbox } from '../harness/sandbox.mjs';
import { Repository } from './repository.js';

const LONG = 120_000;

let sandbox: Sandbox;
let repository: Repository;
beforeEach(async () => {
  sandbox = await Sandbox.open();
  repository = await Repository.make(sandbox.path('project'));
  await repository.branch();
}, LONG);
afterEach(() => sandbox.close());

test(
  'a rebase, and a merge into main, keep what they build upon',
  async () => {
    await repository.git('checkout', '--quiet', 'discount');
    await repository.git('rebase', 'main');
    expect(await repository.codes()).toContain('FLG_CHANGES_LOCK_CONFLICT');
    expect(await repository.run('check', '--fix')).toMatchObject({ code: 0 });
    await repository.inOrder('add-address', 'add-discount');
    await repository.git('rebase', '--abort');
    await repository.git('clean', '--force', '--quiet', '--', 'changes');

    await repository.git('checkout', '--quiet', 'main');
    await repository.git('merge', 'discount');
    expect(await repository.run('check', '--fix')).toMatchObject({ code: 0 });
    await repository.inOrder('add-address', 'add-discount');
    await repository.git('merge', '--abort');
    await repository.git('clean', '--force', '--quiet', '--', 'changes');

    await repository.git('merge', 'discount');
    expect(await repository.run('check', '--fix', '--upstream', 'discount')).toMatchObject({ code: 0 });
    await repository.inOrder('add-discount', 'add-address');
  },
  LONG,
);

test(
  'a file in which both lines were kept is taken from upstream, and nothing that upstream has is renumbered',
  async () => {
    await repository.git('checkout', '--quiet', 'discount');
    await repository.git('merge', 'main');
    const text = await repository.read('changes.lock');
    const both = text.replaceAll(/^[<=>]{7}.*\n/gm, '');
    await repository.write('changes.lock', both);
    await repository.commit('Merge main, in haste');
    expect(await repository.codes()).toEqual(['FLG_CHANGE_ORDER_DUPLICATE', 'FLG_CHANGES_LOCK_INVALID']);
    expect((await repository.run('check', '--fix')).stderr).toContain('FLG_CHANGES_LOCK_INVALID');
    expect(await repository.run('check', '--fix', '--upstream', 'main')).toMatchObject({ code: 0 });
    await repository.inOrder('add-address', 'add-discount');

    // Somebody takes a line out that upstream has: its change is not new, and stays where it is.
    const locked = await repository.read('changes.lock');
    await repository.write('changes.lock', locked.replace('0043 add-address\n', ''));
    await repository.run('check', '--fix', '--upstream', 'main');
    await repository.inOrder('add-address', 'add-discount');
  },
  LONG,
);

test(
  'where what is upstream cannot be read, nothing is guessed; a change of another service with the same name is no obstacle',
  async () => {
    await repository.git('checkout', '--quiet', 'discount');
    await repository.write('billing/changes/_0043__AddDiscount.ts', 'export class _0043__AddDiscount {}\n');
    await repository.git('merge', 'main');
    const conflict = await repository.read('changes.lock');
    await repository.commit('Merge main, with its markers');
    const before = await repository.changes();
    const refused = await repository.run('check', '--fix');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/FLG_CHANGES_LOCK_INVALID: .*that of HEAD cannot be read either/);
    expect([await repository.changes(), await repository.read('changes.lock')]).toEqual([before, conflict]);
    expect(await repository.run('check', '--fix', '--upstream', 'main')).toMatchObject({ code: 0 });
    await repository.inOrder('add-address', 'add-discount');
  },
  LONG,
);

test(
  'whoever has kept the wrong side, or taken a line out, loses nothing that upstream has',
  async () => {
    await repository.git('checkout', '--quiet', 'discount');
    await repository.git('merge', 'main');
    await repository.git('checkout', '--ours', '--', 'changes.lock');
    expect(await repository.run('check', '--fix')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^resolved .*what main has stays\nrenumbered {2}_0043__AddDiscount /),
    });
    await repository.inOrder('add-address', 'add-discount');
    await repository.commit('Merge main');

    const whole = await repository.read('changes.lock');
    await repository.write('changes.lock', whole.replace('0043 add-address\n', ''));
    expect(await repository.codes()).toEqual(['FLG_CHANGE_BELOW_LOCKED']);
    expect(await repository.run('check', '--fix')).toMatchObject({ code: 0 });
    expect(await repository.read('changes.lock')).toBe(whole);
    await repository.remove('changes.lock');
    expect(await repository.run('check', '--fix')).toMatchObject({ code: 0 });
    expect(await repository.read('changes.lock')).toBe(whole);
  },
  LONG,
);
