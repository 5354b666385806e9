import { chmod, chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { describeWith } from '../tools/services/describe-with.mjs';
import { createSmallDisk, smallDisks, type SmallDisk } from '../tools/services/small-disk.mjs';
import type { Child } from './harness/child.mjs';
import { outcomeOf } from './harness/holding-service.js';
import { readLedger } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const FIXTURE = fileURLToPath(new URL('./fixtures/three-changes.mjs', import.meta.url));
const HOLDS = ['--happens', 'hold', '--moment', 'inside'];
const ALL_APPLIED = ['first', 'second', 'third'];

/** Nothing is read-only to root: where that runs the tests, the processes become somebody else. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined;
const AS_NOBODY =
  NOBODY === undefined
    ? []
    : ['--import', `data:text/javascript,process.setgid(${NOBODY});process.setuid(${NOBODY})`];

type TargetKind = 'shared' | 'separate' | 'file';

/** What the next start comes to. */
const SHARED = {
  target: 'shared',
  then: { outcome: 'applied', applied: ['second', 'third'] },
  effects: ALL_APPLIED,
  ledger: ['first APPLIED transaction', 'second APPLIED transaction', 'third APPLIED transaction'],
} as const;
const SEPARATE = {
  target: 'separate',
  then: { outcome: 'applied', applied: ['third'] },
  effects: ALL_APPLIED,
  ledger: ['first APPLIED transaction', 'second APPLIED fence', 'third APPLIED transaction'],
} as const;
const FILE = {
  target: 'file',
  then: { outcome: 'FLG_ISSUE_OPEN' },
  effects: ['first', 'second'],
  ledger: ['first APPLIED none', 'second FAILED none'],
} as const;

/** In the folder of the ledger, and not on its disk: only the ledger is to fail, and what shares its file. */
async function linkTheOthers(sandbox: Sandbox, directory: string): Promise<void> {
  for (const name of ['orders.db', 'effects.txt', 'go'])
    await symlink(sandbox.path(name), join(directory, name));
}

const describeWithSmallDisks = await describeWith(smallDisks);

describeWithSmallDisks('A ledger in a SQLite file whose disk is full in the middle of a change', () => {
  async function withDisk(use: (sandbox: Sandbox, disk: SmallDisk) => Promise<void>): Promise<void> {
    const sandbox = await Sandbox.open();
    const disk = await createSmallDisk();
    try {
      await use(sandbox, disk);
    } finally {
      await sandbox.close();
      await disk.close();
    }
  }

  it.concurrent.each([SHARED, SEPARATE, FILE])(
    '$target target: the start fails with its code; when there is space again nothing happens twice',
    ({ target, then, effects, ledger }) =>
      withDisk(async (sandbox, disk) => {
        await linkTheOthers(sandbox, disk.path);
        const start = (...more: readonly string[]): Child =>
          sandbox.start(target, [FIXTURE, '--directory', disk.path, '--target', target, ...more]);
        const holder = start(...HOLDS);
        await holder.line(/^holding$/);
        await disk.fill();
        await writeFile(sandbox.path('go'), '');
        // Without space the lease cannot be renewed either; which of the two is noticed first is chance.
        await expect(outcomeOf(holder)).resolves.toMatchObject({
          outcome: expect.stringMatching(/^FLG_(STORE_WRITE|LOCK_LOST)$/),
        });
        await holder.exited;

        await disk.free();
        await expect(outcomeOf(start())).resolves.toMatchObject(then);
        await expect(readLedger(join(disk.path, 'audit.db'))).resolves.toEqual(ledger);
        await expect(effectsIn(disk.path, target)).resolves.toEqual(effects);
      }),
    60_000,
  );
});

describe('A ledger in a SQLite file that turns read-only in the middle of a change', () => {
  /** Has a folder for the ledger. */
  async function withFolder(use: (sandbox: Sandbox, folder: string) => Promise<void>): Promise<void> {
    const sandbox = await Sandbox.open();
    const folder = sandbox.path('ledger');
    try {
      await mkdir(folder);
      await linkTheOthers(sandbox, folder);
      if (NOBODY !== undefined)
        for (const path of [sandbox.directory, folder]) await chown(path, NOBODY, NOBODY);
      await use(sandbox, folder);
    } finally {
      // Otherwise only root could remove what is in it.
      await chmod(folder, 0o700);
      await sandbox.close();
    }
  }

  it.concurrent.each([SHARED, SEPARATE, FILE])(
    '$target target: the start fails with its code; when it can be written again nothing happens twice',
    ({ target, then, effects, ledger }) =>
      withFolder(async (sandbox, folder) => {
        const start = (...more: readonly string[]): Child =>
          sandbox.start(target, [
            ...[...AS_NOBODY, FIXTURE, '--directory', folder, '--target', target],
            ...more,
          ]);
        const holder = start(...HOLDS);
        await holder.line(/^holding$/);
        const file = join(folder, 'audit.db');
        await chmod(file, 0o444);
        await chmod(folder, 0o555);
        await writeFile(sandbox.path('go'), '');
        // A commit that is under way by then cannot remove its journal, and so is none. And the lease cannot be renewed.
        await expect(outcomeOf(holder)).resolves.toMatchObject({
          outcome: expect.stringMatching(/^FLG_(STORE_PERMISSION|STORE_WRITE|LOCK_LOST)$/),
        });
        await holder.exited;

        await chmod(folder, 0o700);
        await chmod(file, 0o644);
        await expect(outcomeOf(start())).resolves.toMatchObject(then);
        await expect(readLedger(file)).resolves.toEqual(ledger);
        await expect(effectsIn(folder, target)).resolves.toEqual(effects);
      }),
    60_000,
  );
});

/** What the changes have done, read past the engine. */
async function effectsIn(directory: string, target: TargetKind): Promise<unknown[]> {
  if (target === 'file')
    return (await readFile(join(directory, 'effects.txt'), 'utf8')).trimEnd().split('\n');
  const file = join(directory, target === 'shared' ? 'audit.db' : 'orders.db');
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare('SELECT name FROM effects ORDER BY rowid').pluck().all();
  } finally {
    database.close();
  }
}
