import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, FileError, unlessGone } from './file-error.js';
import type { Located } from './locate.js';

/** How a file is replaced. */
export interface Replacement {
  readonly content: Uint8Array;
  /** Of a file that is not there yet; the mode and the owner of one that is stay. */
  readonly mode: number;
  /** Looks whether it may still be done; the last thing before it is. */
  lastLook(): Promise<void>;
}

/**
 * Replaces a file so that everybody sees the old content or the new one, whole, also after a crash at any moment: written
 * beside it, made durable, renamed over it, and the folder made durable.
 *
 * What an interrupted writer has left beside it is removed first. So one that was stopped before its rename can do it no
 * more once a later one has come: it fails with `FILE_SUPERSEDED`.
 */
export async function replaceFile(located: Located, replacement: Replacement): Promise<void> {
  const { file, folder, name, path } = located;
  await removeLeftovers(folder, name);
  const beside = join(folder, `${prefixOf(name)}${randomBytes(6).toString('hex')}${SUFFIX}`);
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(replacement.content);
      await asBefore(handle, located, replacement.mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await replacement.lastLook();
    await rename(beside, file).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      throw new FileError({ code: 'FILE_SUPERSEDED', path, reason: 'was left to a later writer' });
    });
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
  await makeDurable(folder);
}

/** Removes a file, durably. Nothing happens where there is none. */
export async function removeFile({ file, folder }: Located, lastLook: () => Promise<void>): Promise<void> {
  await lastLook();
  await unlessGone(unlink(file));
  await makeDurable(folder);
}

const SUFFIX = '.flamingock';

/** Hidden, so that a folder of which every file counts does not gain one. */
function prefixOf(name: string): string {
  return `.${name}.`;
}

async function removeLeftovers(folder: string, name: string): Promise<void> {
  for (const one of await readdir(folder)) {
    const isLeft =
      one.startsWith(prefixOf(name)) && /^[\da-f]{12}\.flamingock$/.test(one.slice(name.length + 2));
    if (isLeft) await rm(join(folder, one), { force: true });
  }
}

async function asBefore(handle: FileHandle, { file, path }: Located, mode: number): Promise<void> {
  const before = await unlessGone(stat(file));
  const own = await handle.stat();
  if (before !== undefined && (before.uid !== own.uid || before.gid !== own.gid)) {
    await handle.chown(before.uid, before.gid).catch((error: unknown) => {
      if (codeOf(error) !== 'EPERM') throw error;
      throw new FileError({ code: 'FILE_OWNER', path, reason: 'was not written: it would change its owner' });
    });
  }
  await handle.chmod((before?.mode ?? mode) & 0o7777);
}

async function makeDurable(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
