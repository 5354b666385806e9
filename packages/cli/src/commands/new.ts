import { Command, Option } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';
import type { NewOptions } from './new/new-options.js';
import { NUMBERINGS } from './new/next-order.js';

/** `flamingock new`: the next change, written as the project writes its changes. */
export function newCommand(frame: Frame): Command {
  return new Command('new')
    .description('writes the next change in the style of the project')
    .argument('<name>', 'what the change does: AddPaymentMethodColumn')
    .option('--target <name>', 'the target system (default: the only one, else that of the last change)')
    .option('--folder <path>', 'where it is written (default: beside the last change)')
    .addOption(
      new Option('--numbering <how>', 'its place in the sequence (default: as the last change)').choices(
        NUMBERINGS,
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['new AddPaymentMethodColumn', 'prints the path of the file'],
        ['new RegisterOrderEventV2 --target schema-registry', 'for another target system'],
        ['new AddTotals --numbering timestamp', 'where many branches add changes'],
      ),
    )
    .action(frame.action('new', create));
}

async function create(invocation: Invocation<NewOptions>): Promise<Answer> {
  const { nameWords } = await import('./new/change-name.js');
  const words = nameWords(invocation.arguments[0] ?? '');
  const { writeNextChange } = await import('./new/write-next-change.js');
  const { left, ...written } = await writeNextChange(words, invocation);
  for (const line of left) invocation.output.note(line);
  return { data: written, screen: () => written.path };
}
