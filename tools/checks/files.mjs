import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The shape of the source files: none over 400 lines, names in kebab case that tell a role. */
const MOST_LINES = 400;
const source = /^(packages|apps|e2e|tools)\/.*\.(ts|mjs)$/;
/** `_0001__AddColumn.ts` is a change, which is named for its class. */
const name = /^([a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*|_\d+__\w+)\.(ts|mjs)$/;
const noRole = /^(utils?|helpers?|misc|common)\./;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => source.test(file) && existsSync(file));

const complaints = files.flatMap((file) => {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  return [
    ...(lines > MOST_LINES
      ? [`${file} has ${lines} lines, more than ${MOST_LINES}: two roles in one file?`]
      : []),
    ...(name.test(basename(file)) ? [] : [`${file} is not named in kebab case`]),
    ...(noRole.test(basename(file)) ? [`${file} has a name that tells no role`] : []),
  ];
});

console.log(complaints.length > 0 ? complaints.join('\n') : `${files.length} files`);
process.exitCode = complaints.length > 0 ? 1 : 0;
