import { Command, Option } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';
import type { InitOptions } from './init/init-options.js';

/** `flamingock init`: a configuration and a first change, made for the project that is there. */
export function initCommand(frame: Frame): Command {
  return new Command('init')
    .description('writes a configuration and a first change, and prints what to add to the application')
    .option('--dry-run', 'show what would be written, and write nothing')
    .option('--framework <name>', 'nestjs, next, fastify, express or none (default: by package.json)')
    .option(
      '--database <kind>',
      'postgres, mysql, sqlite, mongodb, mongoose, typeorm-postgres, typeorm-mysql or typeorm-sqlite (default: by package.json)',
    )
    .option('--service <name>', 'whose ledger it is (default: the name of the package)')
    .option('--target <name>', 'what changes call the database (default: <service>-db)')
    .option('--environments <list>', 'the first one is disposable (default: local,staging,production)')
    .addOption(
      new Option('--style <form>', 'of changes (default: by the settings of TypeScript)').choices([
        'decorated',
        'function',
      ]),
    )
    .option('--folder <path>', 'of changes (default: src/changes, or changes without src)')
    .addOption(
      new Option(
        '--package-manager <name>',
        'for the commands that are printed (default: by the lock file)',
      ).choices(['npm', 'pnpm', 'yarn', 'bun']),
    )
    .addHelpText(
      'after',
      examples(
        ['init', 'looks at package.json, tsconfig.json and the lock file; asks what they do not tell'],
        ['init --dry-run', 'shows the files, and writes none'],
        ['init --framework express --database postgres', 'without questions'],
      ),
    )
    .action(frame.action('init', init));
}

async function init(invocation: Invocation<InitOptions>): Promise<Answer> {
  const { makePlan } = await import('./init/make-plan.js');
  const { initFiles, HINT } = await import('./init/init-files.js');
  const { assertNew, writeNew } = await import('../sources/written-files.js');
  const { initAnswer } = await import('./init/init-answer.js');
  const { options, request } = invocation;
  const plan = await makePlan(invocation);
  const files = await initFiles(plan, request.directory);
  if (options.dryRun === true) assertNew(files, HINT);
  else await writeNew(files, HINT);
  return initAnswer(plan, files, options.dryRun === true);
}
