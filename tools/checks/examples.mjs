import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Type-checks every ```ts block of the READMEs and of the pages in `docs`, each as a module of its own, against the sources. What a
 * block needs and a reader does not want to see again stands in a comment right before it:
 * `<!-- example`, the lines, `-->`.
 */
const scratch = '.examples';

const readmes = [
  '.',
  ...['packages', 'apps'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
].map((folder) => join(folder, 'README.md'));
const pages = (existsSync('docs') ? readdirSync('docs', { recursive: true, encoding: 'utf8' }) : [])
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));
const documents = [...readmes, ...pages].filter((file) => existsSync(file));

/**
 * The blocks of a document. Each keeps its lines at the numbers that they have there, so that the compiler's
 * messages point into the document.
 *
 * @param {string} text
 */
function blocks(text) {
  const lines = text.split('\n');
  /** @type {{ line: number, code: string }[]} */
  const found = [];
  /** @type {string[]} */
  let code = [];
  /** @type {'text' | 'setup' | 'example'} */
  let inside = 'text';
  for (const [index, line] of lines.entries()) {
    const ends = inside === 'setup' ? line === '-->' : inside === 'example' && line.trim() === '```';
    if (ends && inside === 'example') {
      found.push({ line: index + 1, code: code.join('\n') });
      code = [];
    }
    if (ends) inside = 'text';
    else if (inside !== 'text') code[index] = line;
    else if (line === '<!-- example') inside = 'setup';
    else if (line.trim() === '```ts') inside = 'example';
  }
  return found;
}

rmSync(scratch, { recursive: true, force: true });
/** @type {string[]} */
const files = [];
for (const document of documents) {
  for (const { line, code } of blocks(readFileSync(document, 'utf8'))) {
    const file = `${document}.${line}.ts`;
    mkdirSync(dirname(join(scratch, file)), { recursive: true });
    writeFileSync(join(scratch, file), `${code}\nexport {};\n`);
    files.push(file);
  }
}

if (files.length > 0) {
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
  writeFileSync(
    join(scratch, 'tsconfig.json'),
    JSON.stringify({ extends: '../tsconfig.base.json', compilerOptions, files }),
  );
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', scratch], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
  rmSync(scratch, { recursive: true });
}
console.log(`${files.length} examples in ${documents.length} documents`);
