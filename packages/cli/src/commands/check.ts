import { Command } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';

interface Options {
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly accept?: readonly string[];
  readonly upstream?: string;
  readonly changes?: string;
  readonly lockFile?: string;
}

/** `flamingock check`: for pull requests, what can be found without any system; and `changes.lock`. */
export function checkCommand(frame: Frame): Command {
  return new Command('check')
    .description('for pull requests: the declared changes, and changes.lock; needs no store and no client')
    .option('--fix', 'write what is new into changes.lock, resolve its conflicts, renumber what collides')
    .option('--dry-run', 'with --fix: show what it would do')
    .option('--accept <id...>', 'with --fix: these may be gone, renamed, reordered or revised')
    .option('--upstream <commit>', 'with --fix: whose changes stay (default: what is merged, or built upon)')
    .option('--changes <directory>', 'the changes (default: what the configuration says)')
    .option('--lock-file <file>', 'default: changesLock of the configuration, or changes.lock beside it')
    .addHelpText(
      'after',
      examples(
        ['check', 'in a pipeline, for every pull request; ends with 2 where anything is wrong'],
        ['check -e local', 'makes the target systems of this environment, too: does every change have one?'],
        ['check --fix', 'after a change was added, and where changes.lock has a conflict'],
        ['check --fix --dry-run', 'what it would write and rename'],
        ['check --fix --accept add-total', 'take out, rename or edit what is locked, knowing what it means'],
      ),
    )
    .action(frame.action('check', check));
}

async function check(invocation: Invocation<Options>): Promise<Answer> {
  const { options, request } = invocation;
  const { accept = [], upstream, dryRun = false } = options;
  const { declaredSequence } = await import('./check/declared-sequence.js');
  const { checkAnswer } = await import('./check/check-answer.js');
  const { problemsOf, fixable } = await import('./check/problems.js');
  if (options.fix !== true) {
    const { usage } = await import('../frame/usage.js');
    const stray = ['accept', 'upstream', 'dryRun'].find((name) => name in options);
    if (stray !== undefined)
      throw usage(
        `--${stray === 'dryRun' ? 'dry-run' : stray} is for --fix, which is missing.`,
        'Add --fix.',
      );
  }
  const sequence = await declaredSequence(invocation);
  const found = await sequence.discover();
  const result = { sequence, dryRun, directory: request.directory };
  if (options.fix !== true || !fixable(found))
    return checkAnswer({ ...result, found, problems: await problemsOf(sequence, found), fix: undefined });
  const { fix } = await import('./check/fix.js');
  const made = await fix(sequence, found, { dryRun, upstream, accept });
  if (dryRun)
    return checkAnswer({ ...result, found, problems: made.open.map(({ problem }) => problem), fix: made });
  const after = made.renumbered.length === 0 ? found : await sequence.discover();
  return checkAnswer({ ...result, found: after, problems: await problemsOf(sequence, after), fix: made });
}
