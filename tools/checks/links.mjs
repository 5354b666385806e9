import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Relative links in the documentation lead to files that are there. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

const complaints = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/\]\((?!\w+:|#)([^)\s#]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !existsSync(join(dirname(file), target)))
    .map((target) => `${file}: ${target} is not there`),
);

console.log(complaints.length > 0 ? complaints.join('\n') : `${files.length} documents`);
process.exitCode = complaints.length > 0 ? 1 : 0;
