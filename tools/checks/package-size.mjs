import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * `node tools/checks/package-size.mjs`, in the folder of a built package: it is not larger than people may expect.
 *
 * The budgets, in bytes: what npm downloads, source maps and declarations included, and the code in each module format.
 * They stand an eighth or so above what was needed when they were set, so that a dependency that was bundled by mistake is
 * seen and daily work is not. To raise one, see what has grown (`npm pack --dry-run`), and set it an eighth above that in
 * the commit that needs it, with the reason in its message. A package without a budget is not held.
 *
 * @type {Readonly<Record<string, { download: number, esModules: number, commonJs: number }>>}
 */
const BUDGETS = {
  '@flamingock/core': { download: 800_000, esModules: 434_000, commonJs: 455_000 },
};

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const budget = BUDGETS[name];

function measure() {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--loglevel=error'], {
    encoding: 'utf8',
  });
  /** @type {{ size: number, files: { path: string, size: number }[] }[]} */
  const [packed = { size: 0, files: [] }] = JSON.parse(output);
  /** @param {string} ending */
  const code = (ending) =>
    packed.files.filter(({ path }) => path.endsWith(ending)).reduce((sum, { size }) => sum + size, 0);
  return { download: packed.size, esModules: code('.mjs'), commonJs: code('.cjs') };
}

if (budget === undefined) console.log(`${name} has no budget`);
else {
  const sizes = measure();
  for (const [part, limit] of Object.entries(budget)) {
    const size = sizes[/** @type {keyof typeof budget} */ (part)];
    const over = size > limit;
    console.log(`${name}: ${part} ${size} of ${limit} bytes${over ? ', over its budget' : ''}`);
    if (size === 0) console.log(`${name}: has nothing of it, build it first`);
    if (over || size === 0) process.exitCode = 1;
  }
}
