import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnDatabases } from './databases.js';
import { Repository } from './repository.js';
import type { Systems } from './systems.js';

const LONG = 120_000;

await describeOnDatabases('Two branches that each add _0043__', (open) => {
  let systems: Systems;
  let repository: Repository;
  beforeEach(async () => {
    systems = await open();
    repository = await Repository.make(systems.sandbox.path('project'), {
      ...systems.commandLine.environment,
      REVIEW_AUDIT_URL: await systems.database('review-audit'),
      REVIEW_ORDERS_URL: await systems.database('review-orders'),
    });
    await repository.branch();
  }, LONG);
  afterEach(() => systems.sandbox.close());

  test(
    'conflict by changes.lock when one is merged into the other; after check --fix both run, everywhere',
    async () => {
      // Each branch was tried somewhere before.
      expect(await repository.run('apply', '-e', 'staging')).toMatchObject({ code: 0 });
      await repository.git('checkout', '--quiet', 'discount');
      expect(await repository.run('apply', '-e', 'review')).toMatchObject({ code: 0 });

      expect(await repository.git('merge', 'main')).toContain(
        'CONFLICT (content): Merge conflict in changes.lock',
      );
      expect(await repository.git('diff', '--name-only', '--diff-filter=U')).toBe('changes.lock\n');
      expect(await repository.codes()).toEqual(['FLG_CHANGE_ORDER_DUPLICATE', 'FLG_CHANGES_LOCK_CONFLICT']);
      const fixed = await repository.run('check', '--fix');
      expect(fixed.code).toBe(0);
      expect(fixed.stdout).toMatch(/resolved .*changes\.lock: what main has stays\n/);
      expect(fixed.stdout).toMatch(/renumbered {2}_0043__AddDiscount -> _0044__AddDiscount /);
      await repository.inOrder('add-address', 'add-discount');
      await repository.commit('Merge main');

      expect(await repository.run('apply')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/applied _0043__AddAddress\napplied _0044__AddDiscount\n$/),
      });
      // What main brought is there already: only what was renumbered is left.
      expect(await repository.run('apply', '-e', 'staging')).toMatchObject({
        code: 0,
        stdout: 'applied _0044__AddDiscount\n',
      });
      // The renumbered one is known there by its id, and what main brought comes below it.
      expect(await repository.run('apply', '-e', 'review')).toMatchObject({
        code: 0,
        stdout: 'applied _0043__AddAddress\n',
      });
      for (const environment of ['production', 'staging', 'review'])
        expect(await repository.json('status', '-e', environment)).toMatchObject({
          counts: { applied: 5, pending: 0 },
        });
      // The review database has seen another order, which its diff does not hide.
      expect(await repository.json('diff', 'production', 'review')).toMatchObject({ verdict: 'diverged' });
    },
    LONG,
  );

  test(
    'an environment that keeps the order refuses what came below, until the renumbered change is undone there',
    async () => {
      await repository.git('checkout', '--quiet', 'discount');
      expect(await repository.run('apply')).toMatchObject({ code: 0 });
      await repository.git('merge', 'main');
      await repository.run('check', '--fix');
      const refused = await repository.run('apply');
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/FLG_OUT_OF_ORDER: _0043__AddAddress .*_0044__AddDiscount/);
      const undone = await repository.run(
        ...['undo', '--last', '--confirm', 'production', '--actor', 'jane', '--reason', 'renumbered'],
      );
      expect(undone.code).toBe(0);
      expect(await repository.run('apply')).toMatchObject({
        code: 0,
        stdout: 'applied _0043__AddAddress\napplied _0044__AddDiscount\n',
      });
    },
    LONG,
  );
});
