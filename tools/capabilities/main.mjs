import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `node tools/capabilities/main.mjs [file]` checks that docs/capabilities.md, or another file, says what the stores and
 * targets declare; with `--write` it is written. The sources are read as they are: nothing has to be built before.
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
