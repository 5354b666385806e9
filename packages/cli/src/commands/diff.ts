import { Command } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';

interface Options {
  readonly service?: string;
  readonly tenant?: string;
  readonly check?: boolean;
}

/** `flamingock diff`: two environments side by side, from their stores or from exports. */
export function diffCommand(frame: Frame): Command {
  return new Command('diff')
    .description('two environments side by side: what is missing, extra, different, and since when')
    .argument('<first>', 'an environment, or the file of an `audit export`')
    .argument('<second>', 'the other one')
    .option('--service <name>', 'another service of the same stores (default: that of the configuration)')
    .option('--tenant <name>', 'one of its tenants')
    .option('--check', 'end with 4 where one is merely behind the other, 6 where they have parted')
    .addHelpText(
      'after',
      examples(
        ['diff staging production', 'what the next release brings to production'],
        ['diff staging production --check', 'for a pipeline'],
        ['diff before.ndjson production', 'against what `audit export` kept'],
        ['diff staging production --service billing --json', 'another service of the same stores'],
      ),
    )
    .action(frame.action('diff', diff));
}

async function diff({ options, arguments: given, request }: Invocation<Options>): Promise<Answer> {
  const [first = '', second = ''] = given;
  if (request.app !== undefined) {
    const { usage } = await import('../frame/usage.js');
    throw usage(
      '--app builds an application for one environment, and diff is about two.',
      'Use a configuration with both environments, or exports of `flamingock audit export`.',
    );
  }
  const { service, tenant } = options;
  const other = {
    ...(service === undefined ? {} : { service }),
    ...(tenant === undefined ? {} : { tenant }),
  };
  const { sideOf } = await import('./diff/side.js');
  const { diffAnswer } = await import('./diff/diff-answer.js');
  // One after the other: where both fail, the first one is told, and nothing is left open.
  const one = await sideOf(first, request, other);
  return diffAnswer(one, await sideOf(second, request, other), options.check === true);
}
