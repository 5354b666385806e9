import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `node tools/frameworks/main.mjs` checks that docs/frameworks.md, or the `--file`, has every case of the framework contract
 * as passed by every application that it applies to. With `--write [folder …]` the contract is run on them, or on those in
 * these folders of `e2e/frameworks`, and the file is written from what came of it. That takes minutes, and needs the
 * packages built.
 */
const { status } = spawnSync(
  process.execPath,
  [
    '--conditions=@flamingock/source',
    '--import=@swc-node/register/esm-register',
    join(import.meta.dirname, 'document.mjs'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', cwd: join(import.meta.dirname, '../..') },
);
process.exitCode = status ?? 1;
