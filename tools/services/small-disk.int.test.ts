import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { describeWith } from './describe-with.mjs';
import { createSmallDisk, smallDisks } from './small-disk.mjs';

const describeWithSmallDisks = await describeWith(smallDisks);

describeWithSmallDisks('A small disk', () => {
  it('takes nothing more when it is full, until it is freed, and leaves nothing when it is closed', async () => {
    const disk = await createSmallDisk();
    try {
      const file = join(disk.path, 'file');
      await writeFile(file, 'before');
      await disk.fill();
      await expect(writeFile(join(disk.path, 'other'), 'a')).rejects.toMatchObject({ code: 'ENOSPC' });
      await expect(readFile(file, 'utf8')).resolves.toBe('before');
      await disk.free();
      await writeFile(file, 'after');
    } finally {
      await disk.close();
    }
    expect(existsSync(disk.path)).toBe(false);
  });

  it('has the size that it was given', async () => {
    const disk = await createSmallDisk({ bytes: 65_536 });
    try {
      const file = join(disk.path, 'file');
      await writeFile(file, Buffer.alloc(65_536));
      await expect(writeFile(file, Buffer.alloc(65_537))).rejects.toMatchObject({ code: 'ENOSPC' });
    } finally {
      await disk.close();
    }
  });
});
