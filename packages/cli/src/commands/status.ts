import { Command } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';

interface Options {
  readonly check?: boolean;
  readonly all?: boolean;
}

/** `flamingock status`: where a service stands, on one screen; or every ledger of its store. */
export function statusCommand(frame: Frame): Command {
  return new Command('status')
    .description('what is applied, pending and blocked, and the next command to type')
    .option(
      '--check',
      'end with 4 where changes are pending, 5 where one is blocked, 2 where a start would be refused',
    )
    .option('--all', 'every service, environment and tenant of the store')
    .addHelpText(
      'after',
      examples(
        ['status -e production', 'works while the application is down'],
        ['status -e production --check', 'for a pipeline: ends with 0 only where nothing is to do'],
        ['status -e production --all --json', 'everything that is in the same store'],
      ),
    )
    .action(frame.action('status', status));
}

async function status({ options, project }: Invocation<Options>): Promise<Answer> {
  const desk = await (await project()).desk();
  if (options.all === true) {
    const { ledgersAnswer } = await import('./status/ledgers-answer.js');
    return ledgersAnswer(await desk.ledgers(), options.check === true);
  }
  const { statusAnswer } = await import('./status/status-answer.js');
  return statusAnswer(await desk.status(), options.check === true);
}
