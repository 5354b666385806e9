import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChangeSource } from '../options.js';
import { discover } from './discover.js';

const core = (file: string): string => JSON.stringify(new URL(`../change/${file}.ts`, import.meta.url).href);

/** A module that exports one definition. */
function definition(id: string, rest = ''): string {
  return `import { defineChange } from ${core('define-change')};
export default defineChange({ id: '${id}', apply() {}, ${rest} });`;
}

/** A module that exports one class, in the form that a build without decorators has. */
function decorated(name: string, id: string): string {
  return `import { Change, Apply } from ${core('decorators')};
export class ${name} { apply() {} }
Apply()(${name}.prototype, 'apply', {});
Change({ id: '${id}' })(${name});`;
}

let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'flamingock-')), 'changes');
});

afterEach(async () => {
  await rm(dirname(directory), { recursive: true });
});

async function files(contents: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}

/** What was found in the directory: sources of changes, and messages of problems. */
async function found(
  source: ChangeSource = { directory },
): Promise<{ sources: string[]; problems: string[] }> {
  const { changes, problems } = await discover(source, String);
  return {
    sources: changes.map((change) => change.source),
    problems: problems.map(({ message }) => message),
  };
}

describe('a directory of changes', () => {
  test('is read recursively, and its changes are in numeric order', async () => {
    await files({
      '_10__Tenth.mjs': definition('ten'),
      '_9__Ninth.mjs': decorated('_9__Ninth', 'nine'),
      '2025/orders/_0002__Second.mjs': definition('two'),
    });
    const { changes, problems } = await discover({ directory }, String);
    expect(problems).toEqual([]);
    expect(changes.map(({ id, order, name, source }) => [id, order, name, source])).toEqual([
      ['two', '2', 'Second', 'changes/2025/orders/_0002__Second.mjs'],
      ['nine', '9', 'Ninth', 'changes/_9__Ninth.mjs'],
      ['ten', '10', 'Tenth', 'changes/_10__Tenth.mjs'],
    ]);
  });

  test('may be given as a file: URL, as an object or as text', async () => {
    await files({ '_1__A.mjs': definition('a') });
    const url = pathToFileURL(`${directory}/`);
    await expect(found({ directory: url })).resolves.toEqual({
      sources: ['changes/_1__A.mjs'],
      problems: [],
    });
    await expect(found({ directory: url.href })).resolves.toEqual({
      sources: ['changes/_1__A.mjs'],
      problems: [],
    });
  });

  test('may hold what compilers, tests and tools put beside a change', async () => {
    await files({
      '_1__A.mjs': definition('a'),
      '_1__A.mjs.map': '{}',
      '_1__A.d.mts': 'export {};',
      '_1__A.test.mjs': 'throw new Error();',
      '_1__A.spec.ts': 'throw new Error();',
      '_1__A.sql': 'select 1',
      '._1__A.mjs': '\u0000',
      '.cache/_2__B.mjs': 'throw new Error();',
      'README.md': '',
    });
    await expect(found()).resolves.toEqual({ sources: ['changes/_1__A.mjs'], problems: [] });
  });

  test('may hold links, as mounted volumes do', async () => {
    await files({ '..data/_1__A.mjs': definition('a'), '..data/more/_2__B.mjs': definition('b') });
    await symlink(join(directory, '..data/_1__A.mjs'), join(directory, '_1__A.mjs'));
    await symlink(join(directory, '..data/more'), join(directory, 'more'));
    await expect(found()).resolves.toEqual({
      sources: ['changes/_1__A.mjs', 'changes/more/_2__B.mjs'],
      problems: [],
    });
  });

  test.each(['./changes', 'src/changes', ''])(
    'is refused when it depends on the working directory: %p',
    async (path) => {
      const { sources, problems } = await found({ directory: path });
      expect(sources).toEqual([]);
      expect(problems).toEqual([
        expect.stringMatching(
          /FLG_DIRECTORY_RELATIVE[^]*join\(import\.meta\.dirname, 'changes'\)[^]*__dirname/,
        ),
      ]);
    },
  );

  test.each([[new URL('https://example.org/changes')], [undefined as never], [5 as never]])(
    'is refused when it is no path: %p',
    async (path) => {
      expect((await found({ directory: path })).problems).toEqual([
        expect.stringContaining('FLG_OPTION_INVALID'),
      ]);
    },
  );

  test('is refused when it does not exist or is a file', async () => {
    expect((await found()).problems).toEqual([expect.stringMatching(/FLG_DIRECTORY_UNREADABLE.*ENOENT/)]);
    await files({ '_1__A.mjs': definition('a') });
    expect((await found({ directory: join(directory, '_1__A.mjs') })).problems).toEqual([
      expect.stringMatching(/FLG_DIRECTORY_UNREADABLE.*ENOTDIR/),
    ]);
  });

  test('is refused when it holds no module', async () => {
    await files({ 'README.md': '', '_1__A.test.mjs': '' });
    expect((await found()).problems).toEqual([expect.stringMatching(/FLG_DIRECTORY_EMPTY.*changes/)]);
  });
});

describe('a change file', () => {
  test('may export its change under any name, and twice', async () => {
    await files({
      '_1__A.mjs': `${decorated('Whatever', 'a')} export default Whatever; export const other = 5;`,
      '_2__B.mjs': definition('b').replace('export default', 'export const change ='),
    });
    await expect(found()).resolves.toMatchObject({
      sources: ['changes/_1__A.mjs', 'changes/_2__B.mjs'],
      problems: [],
    });
  });

  test('may be a CommonJS module, of another copy of this package', async () => {
    const exported = (id: string) =>
      `{ definition: { id: '${id}', apply() {} }, [Symbol.for('flamingock.definition')]: true }`;
    await files({
      '_1__A.cjs': `module.exports = ${exported('a')};`,
      '_2__B.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${exported('b')};`,
      '_3__C.cjs': `exports.change = ${exported('c')};`,
    });
    await expect(found()).resolves.toMatchObject({
      sources: ['changes/_1__A.cjs', 'changes/_2__B.cjs', 'changes/_3__C.cjs'],
      problems: [],
    });
  });

  test('that is named like none is never left out in silence', async () => {
    await files({
      '_1__A.mjs': definition('a'),
      'shared.mjs': 'throw new Error("imported");',
      '0002__B.mjs': definition('b'),
      '_3_C.ts': '',
      '_4__D.sql': '',
      '_5__E.tsx': '',
    });
    expect(await found()).toEqual({
      sources: ['changes/_1__A.mjs'],
      problems: [
        expect.stringMatching(/FLG_CHANGE_INVALID: changes\/_4__D.sql: the file is named like a change/),
        expect.stringMatching(/FLG_CHANGE_INVALID: changes\/_5__E.tsx: /),
        expect.stringMatching(/FLG_CHANGE_NAME: changes\/0002__B.mjs: [^]*_0001__AddColumn/),
        expect.stringMatching(/FLG_CHANGE_NAME: changes\/_3_C.ts: /),
        expect.stringMatching(/FLG_CHANGE_NAME: changes\/shared.mjs: [^]*move what is no change out/),
      ],
    });
  });

  test('that throws or cannot be loaded is told with the first line of the cause', async () => {
    await files({
      '_1__A.mjs': 'throw new TypeError("no such table, key s3cret\\nsecond line");',
      '_2__B.mjs': 'throw "a text";',
      '_3__C.mjs': 'import "./missing.mjs";',
      '_4__D.mjs': definition('d'),
    });
    const redact = (text: string): string => text.replace('s3cret', '***');
    const { changes, problems } = await discover({ directory }, redact);
    expect(changes.map(({ id }) => id)).toEqual(['d']);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /FLG_CHANGE_IMPORT: changes\/_1__A.mjs: .*: TypeError: no such table, key \*\*\*\n/,
      ),
      expect.stringMatching(/FLG_CHANGE_IMPORT: changes\/_2__B.mjs: .*'a text'/),
      expect.stringMatching(/FLG_CHANGE_IMPORT: changes\/_3__C.mjs: .*missing.mjs/),
    ]);
    expect(problems[0]?.cause).toBeUndefined();
  });

  test('that is TypeScript and throws is told with what runs TypeScript', async () => {
    await files({ '_1__A.ts': 'throw new Error("broken");' });
    expect((await found()).problems).toEqual([
      expect.stringMatching(/FLG_CHANGE_IMPORT: changes\/_1__A.ts: [^]*build output/),
    ]);
  });

  test('is imported in the order of the sequence', async () => {
    await files({ '_10__A.mjs': 'throw new Error("second");', '_9__B.mjs': 'throw new Error("first");' });
    expect((await found()).problems).toEqual([
      expect.stringContaining('changes/_9__B.mjs'),
      expect.stringContaining('changes/_10__A.mjs'),
    ]);
  });

  test('exports exactly one change', async () => {
    await files({
      '_1__A.mjs': 'export class _1__A { apply() {} }',
      '_2__B.mjs': `${decorated('_2__B', 'b')} ${decorated('_2__C', 'c').replace(/^import.*\n/, '')}`,
    });
    expect((await found()).problems).toEqual([
      expect.stringMatching(
        /FLG_CHANGE_MISSING: changes\/_1__A.mjs: the file exports no change[^]*@Change\(\)/,
      ),
      expect.stringMatching(
        /FLG_CHANGE_MISSING: changes\/_2__B.mjs: the file exports 2 changes: _2__B, _2__C/,
      ),
    ]);
  });

  test('and the class inside agree about order and name', async () => {
    await files({ '_1__A.mjs': decorated('_2__B', 'a') });
    expect((await found()).problems).toEqual([
      expect.stringMatching(/FLG_CHANGE_MISMATCH: changes\/_1__A.mjs: .*order 1.*_2__B says 2/),
      expect.stringMatching(/FLG_CHANGE_MISMATCH: changes\/_1__A.mjs: .*name A.*_2__B says B/),
    ]);
  });

  test('beside its own build output is refused, and neither is imported', async () => {
    await files({
      '_1__A.js': 'throw new Error("imported");',
      '_1__A.ts': 'throw new Error("imported");',
      '_1__A.d.ts': '',
    });
    expect((await found()).problems).toEqual([
      expect.stringMatching(
        /FLG_CHANGE_ORDER_DUPLICATE: changes\/_1__A.js and changes\/_1__A.ts are one change[^]*outDir/,
      ),
    ]);
  });
});

describe('duplicates', () => {
  test('of ids and orders name every place, leading zeros aside', async () => {
    await files({
      '_01__A.mjs': definition('a'),
      '_1__B.mjs': definition('b'),
      'x/_001__C.mjs': definition('a'),
    });
    expect((await found()).problems).toEqual([
      expect.stringMatching(
        /FLG_CHANGE_ID_DUPLICATE: .*'a' .*changes\/_01__A.mjs and changes\/x\/_001__C.mjs/,
      ),
      expect.stringMatching(
        /FLG_CHANGE_ORDER_DUPLICATE: .*order 1 .*changes\/_01__A.mjs and changes\/_1__B.mjs and changes\/x\/_001__C.mjs/,
      ),
    ]);
  });

  test('are found among changes that have other problems too', async () => {
    await files({
      '_1__A.mjs': 'throw new Error("broken");',
      '_1__B.mjs': definition('same'),
      '_2__C.mjs': definition('same', "author: '',"),
    });
    expect((await found()).problems).toEqual([
      expect.stringContaining('FLG_CHANGE_IMPORT: changes/_1__A.mjs'),
      expect.stringContaining('FLG_CHANGE_INVALID: changes/_2__C.mjs'),
      expect.stringContaining('FLG_CHANGE_ID_DUPLICATE'),
      expect.stringContaining('FLG_CHANGE_ORDER_DUPLICATE'),
    ]);
  });
});
