import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clientUse } from '../../../test/client-use.js';
import type { ClientUse, ObservedAttempt } from '../target.js';
import { fileTarget } from './file-target.js';
import { replaceFile } from './replace-file.js';
import { TargetFiles } from './target-files.js';

let directory: string;
let files: TargetFiles;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flamingock-files-'));
  files = fileTarget({ directory }).client(TargetFiles) as TargetFiles;
});
afterEach(() => rm(directory, { recursive: true }));

const inside = (name: string): string => join(directory, name);
const text = (name: string): Promise<string> => readFile(inside(name), 'utf8');

/** One call of a change, as the engine makes it. */
async function call(
  change: (files: TargetFiles) => unknown,
  use: ClientUse = clientUse(),
): Promise<ObservedAttempt | undefined> {
  const target = fileTarget({ directory });
  return target.evidence?.observe(async () => {
    await change(target.client(TargetFiles, use) as TargetFiles);
  }, use);
}

describe('writing', () => {
  test('gives the text before, and leaves nothing beside the file', async () => {
    expect(await files.write('a.json', 'one')).toBeUndefined();
    expect(await files.write('a.json', 'two')).toBe('one');
    expect(await text('a.json')).toBe('two');
    expect(await readdir(directory)).toEqual(['a.json']);
  });

  test('leaves a file alone that holds the same already', async () => {
    await files.write('a.json', 'one');
    const before = await stat(inside('a.json'));
    await files.write('a.json', 'one');
    expect((await stat(inside('a.json'))).ino).toBe(before.ino);
  });

  test('keeps the mode; a new file gets its own', async () => {
    await writeFile(inside('a.json'), 'one');
    await chmod(inside('a.json'), 0o640);
    await files.write('a.json', 'two');
    await files.write('b.json', 'one', { mode: 0o600 });
    const modes = await Promise.all(
      ['a.json', 'b.json'].map(async (name) => (await stat(inside(name))).mode & 0o777),
    );
    expect(modes).toEqual([0o640, 0o600]);
  });

  test('is not done where the file does not hold what it was to hold', async () => {
    await files.write('a.json', 'theirs');
    for (const ifHolds of ['ours', null])
      await expect(files.write('a.json', 'new', { ifHolds })).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    await expect(files.remove('a.json', { ifHolds: 'ours' })).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(await text('a.json')).toBe('theirs');
  });

  test('is not done where the text that it was to hold was lost on the way', async () => {
    await files.write('a.json', 'theirs');
    const lost = { ifHolds: undefined } as unknown as { ifHolds: string };
    await expect(files.write('a.json', 'new', lost)).rejects.toMatchObject({ code: 'FILE_OPTION' });
    await expect(files.remove('a.json', lost)).rejects.toMatchObject({ code: 'FILE_OPTION' });
    expect(await text('a.json')).toBe('theirs');
  });

  test('is not done where the mode and the owner of the file cannot be had', async () => {
    await symlink('a.json', inside('a.json'));
    const located = {
      file: inside('a.json'),
      folder: directory,
      name: 'a.json',
      path: 'a.json',
      managed: false,
    };
    const replaced = replaceFile(located, {
      content: Buffer.from('new'),
      mode: 0o644,
      lastLook: () => Promise.resolve(),
    });
    await expect(replaced).rejects.toMatchObject({ code: 'ELOOP' });
    expect(await readdir(directory)).toEqual(['a.json']);
    expect((await lstat(inside('a.json'))).isSymbolicLink()).toBe(true);
  });

  test('does not overwrite who came in between while it was made', async () => {
    await files.write('a.json', 'one');
    const edited = files.edit('a.json', async (before) => {
      await writeFile(inside('a.json'), 'theirs');
      return `${before ?? ''} and two`;
    });
    await expect(edited).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(await text('a.json')).toBe('theirs');
  });

  test('an edit is made of what is there', async () => {
    await files.edit('a.json', (before) => String(before));
    expect(await files.edit('a.json', (before) => `${String(before)}!`)).toBe('undefined');
    expect(await text('a.json')).toBe('undefined!');
  });

  test('a file is removed once', async () => {
    await files.write('a.json', 'one');
    expect([await files.remove('a.json'), await files.remove('a.json')]).toEqual(['one', undefined]);
    expect(await files.read('a.json')).toBeUndefined();
  });

  test('a hard link of the file keeps the old content', async () => {
    await files.write('a.json', 'one');
    await link(inside('a.json'), inside('b.json'));
    await files.write('a.json', 'two');
    expect(await text('b.json')).toBe('one');
  });

  test('a writer that was stopped before its rename does nothing after a later one', async () => {
    const stop = new AbortController();
    const use = clientUse({ signal: stop.signal });
    stop.abort(new Error('the lock is lost'));
    expect(await call((given) => given.write('a.json', 'old'), use)).toMatchObject({
      outcome: 'threw',
      error: { message: 'the lock is lost' },
    });
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('symbolic links', () => {
  test('a file is replaced where it really is', async () => {
    await mkdir(inside('real'));
    await writeFile(inside('real/a.json'), 'one');
    await symlink('real/a.json', inside('a.json'));
    await files.write('a.json', 'two');
    expect(await text('real/a.json')).toBe('two');
    expect(await readdir(inside('real'))).toEqual(['a.json']);
  });

  test('a volume that Kubernetes turns as a whole is read and never written', async () => {
    for (const [version, content] of [
      ['..1', 'one'],
      ['..2', 'two'],
    ] as const) {
      await mkdir(inside(version));
      await writeFile(inside(`${version}/a.json`), content);
    }
    await symlink('..1', inside('..data'));
    await symlink('..data/a.json', inside('a.json'));
    for (const name of ['a.json', 'b.json'])
      await expect(files.write(name, 'new')).rejects.toMatchObject({ code: 'FILE_MANAGED' });
    await expect(files.remove('a.json')).rejects.toMatchObject({ code: 'FILE_MANAGED' });
    expect(await files.read('a.json')).toBe('one');
    await symlink('..2', inside('..data_tmp'));
    await rename(inside('..data_tmp'), inside('..data'));
    expect(await files.verify('a.json', 'two')).toEqual({ verdict: 'APPLIED' });
  });

  test('one that leads out of the directory is not followed', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'flamingock-outside-'));
    await symlink(outside, inside('out'));
    await expect(files.write('out/a.json', 'x')).rejects.toMatchObject({ code: 'FILE_OUTSIDE' });
    await rm(outside, { recursive: true });
  });
});

test.each([
  ['../a.json', 'FILE_PATH'],
  ['/etc/passwd', 'FILE_PATH'],
  ['', 'FILE_PATH'],
  ['folder', 'FILE_KIND'],
  ['missing/a.json', 'ENOENT'],
])('%j is refused with %s, and no folder of the machine is told', async (path, code) => {
  await mkdir(inside('folder'));
  const error: unknown = await files.write(path, 'x').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'FileError', code });
  expect(String(error)).not.toContain(directory);
});

test('a directory that is missing is told from one without files, also by verify', async () => {
  const gone = fileTarget({ directory: inside('not-mounted') }).client(TargetFiles) as TargetFiles;
  for (const ask of [
    () => gone.read('a.json'),
    () => gone.verify('a.json', 'x'),
    () => gone.write('a.json', 'x'),
    () => gone.edit('a.json', () => 'x'),
    () => gone.remove('a.json'),
  ])
    await expect(ask()).rejects.toMatchObject({ code: 'FILE_DIRECTORY', path: 'a.json' });
});

describe('verify', () => {
  const verdict = async (of: ClientUse['of'], before?: string | null): Promise<string> => {
    const given = fileTarget({ directory }).client(TargetFiles, clientUse({ of })) as TargetFiles;
    return (await given.verify('a.json', 'new', before)).verdict;
  };

  test.each<readonly [string, ClientUse['of'], string | null | undefined, string | undefined, string]>([
    ['the content', 'execution', undefined, 'new', 'APPLIED'],
    ['anything else', 'execution', undefined, 'theirs', 'NOT_APPLIED'],
    ['no file', 'execution', undefined, undefined, 'NOT_APPLIED'],
    ['what it held before', 'execution', 'old', 'old', 'NOT_APPLIED'],
    ['no file, as before', 'execution', null, undefined, 'NOT_APPLIED'],
    ['what somebody else has written since', 'execution', 'old', 'theirs', 'UNKNOWN'],
    ['anything else, in an undo', 'undo', undefined, 'theirs', 'UNKNOWN'],
    ['no file, in an undo', 'undo', undefined, undefined, 'NOT_APPLIED'],
    ['what it held before, in an undo', 'undo', 'old', 'old', 'NOT_APPLIED'],
  ])('%s', async (_what, of, before, has, expected) => {
    if (has !== undefined) await files.write('a.json', has);
    expect(await verdict(of, before)).toBe(expected);
  });

  test('says what is there instead, by its hash', async () => {
    expect((await files.verify('a.json', 'new')).differences).toEqual([
      'a.json: want sha256 11507a0e2f5e, has no file',
    ]);
  });
});

describe('a change that failed', () => {
  const REJECTED = { outcome: 'threw', evidence: { proof: 'rejected', settled: true } };
  const UNPROVEN = { outcome: 'threw', evidence: { proof: 'none', settled: true } };

  test('has had no effect where the file system refused it', async () => {
    expect(await call((given) => given.write('missing/a.json', 'x'))).toMatchObject(REJECTED);
  });

  test('nor where it has put everything back itself', async () => {
    await files.write('a.json', 'one');
    const change = async (given: TargetFiles): Promise<void> => {
      const before = await given.write('a.json', 'two');
      await given.write('missing/b.json', 'x').catch(async (error: unknown) => {
        await given.write('a.json', String(before));
        throw error;
      });
    };
    expect(await call(change)).toMatchObject(REJECTED);
  });

  test('may have had one where a file holds something else now', async () => {
    const change = async (given: TargetFiles): Promise<void> => {
      await given.write('a.json', 'two');
      await given.write('missing/b.json', 'x');
    };
    expect(await call(change)).toMatchObject(UNPROVEN);
  });

  test('and where the directory is gone, what it has written cannot be seen to be missing', async () => {
    const change = async (given: TargetFiles): Promise<void> => {
      await given.write('a.json', 'one');
      await rename(directory, `${directory}-elsewhere`);
      await given.write('b.json', 'x');
    };
    const observed = await call(change);
    await rename(`${directory}-elsewhere`, directory);
    expect(observed).toMatchObject({ ...UNPROVEN, error: { code: 'FILE_DIRECTORY' } });
  });

  test('and where no file was what failed, nothing is known', async () => {
    const change = async (given: TargetFiles): Promise<never> => {
      await given.read('a.json');
      throw new TypeError('undefined is not a function');
    };
    expect(await call(change)).toMatchObject(UNPROVEN);
  });

  test('is not over before what it did not await is', async () => {
    expect(await call((given) => void given.write('a.json', 'one'))).toEqual({ outcome: 'returned' });
    expect(await text('a.json')).toBe('one');
  });

  test('nor before an edit is, whatever it waits for', async () => {
    const change = (given: TargetFiles): void =>
      void given.edit('a.json', async () => {
        await nextTurn();
        return 'made';
      });
    expect(await call(change)).toEqual({ outcome: 'returned' });
    expect(await text('a.json')).toBe('made');
  });

  test('is not one of the files where what an edit makes could not be had', async () => {
    const refused = Object.assign(new Error('no template'), { code: 'ECONNREFUSED' });
    const change = (given: TargetFiles): Promise<unknown> =>
      given.edit('a.json', () => Promise.reject(refused));
    expect(await call(change)).toMatchObject({ ...UNPROVEN, error: refused });
  });

  test('writes nothing of an edit that it has left under way', async () => {
    let make: (text: string) => void = () => undefined;
    let left: Promise<unknown> | undefined;
    const change = async (given: TargetFiles): Promise<void> => {
      const asked = new Promise<void>((resolve) => {
        left = given.edit('a.json', () => {
          resolve();
          return new Promise<string>((made) => (make = made));
        });
      });
      await asked;
      await given.write('missing/b.json', 'x');
    };
    expect(await call(change)).toMatchObject({ evidence: { proof: 'none', settled: false } });
    make('late');
    await expect(left).rejects.toMatchObject({ code: 'FILE_OVER' });
    expect(await readdir(directory)).toEqual([]);
  });

  test('writes nothing more once it is over', async () => {
    let kept: TargetFiles | undefined;
    await call((given) => (kept = given));
    await expect(kept?.write('a.json', 'late')).rejects.toMatchObject({ code: 'FILE_OVER' });
  });
});

test.each([
  ['a relative directory', { directory: 'config' }],
  ['a URL of another scheme', { directory: new URL('https://config') }],
  ['no directory', {}],
  ['an identity with credentials', { directory: '/etc', identity: 'https://me:pw@nfs' }],
])('fileTarget() refuses %s', (_what, options) => {
  expect(() => fileTarget(options as Parameters<typeof fileTarget>[0])).toThrow(
    expect.objectContaining({ code: 'FLG_OPTION_INVALID' }),
  );
});
