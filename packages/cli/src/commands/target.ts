import { Command, Option } from 'commander';
import type { AdoptionReport, Resolution } from '@flamingock/core';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';
import { type PersonOptions, withPerson } from './person-options.js';

interface AdoptOptions extends PersonOptions {
  readonly inDoubt?: Resolution['as'];
}

/** `flamingock target`: the systems that changes act on. */
export function targetCommand(frame: Frame): Command {
  const adopting = new Command('adopt')
    .description('from now on this is the system to use, although it is not as the ledger knows it')
    .argument('<name>', 'of the target system')
    .addOption(
      new Option('--in-doubt <answer>', 'what it holds of all changes in doubt').choices([
        'APPLIED',
        'ROLLED_BACK',
      ]),
    )
    .addHelpText(
      'after',
      examples([
        'target adopt orders-db -e staging --confirm staging --actor jane --reason "restored from Monday"',
        'changes of which nobody knows whether it holds them become issues',
      ]),
    );
  return new Command('target')
    .description('the systems that changes act on')
    .addCommand(
      new Command('list')
        .description('each with identity, fence, and what the ledger says of it')
        .addHelpText('after', examples(['target list -e production', 'reads, and claims nothing']))
        .action(frame.action('target list', list)),
    )
    .addCommand(withPerson(adopting).action(frame.action('target adopt', adopt)));
}

async function list({ engine, project }: Invocation<object>): Promise<Answer> {
  const { options } = await engine();
  const desk = await (await project()).desk();
  const { targetsAnswer } = await import('./target/targets-answer.js');
  return targetsAnswer(await desk.targets(options.targets), desk.key);
}

async function adopt(invocation: Invocation<AdoptOptions>): Promise<Answer> {
  const { arguments: given, options, engine } = invocation;
  const name = given[0] ?? '';
  const { flamingock, options: made } = await engine();
  const { confirmed, personOf } = await import('./person.js');
  const { notKnown } = await import('../frame/usage.js');
  if (!Object.hasOwn(made.targets, name)) throw notKnown('target system', name, Object.keys(made.targets));
  await confirmed(invocation, made.environment ?? '', `makes '${name}' the system to use, as it is`);
  const person = await personOf(invocation);
  const { inDoubt } = options;
  const report = await flamingock.adopt(name, { ...person, ...(inDoubt === undefined ? {} : { inDoubt }) });
  return { data: report, screen: () => summary(report) };
}

function summary({ targetSystems, found, inDoubt }: AdoptionReport): string {
  return [
    `adopted ${targetSystems.join(', ')} (found: ${found})`,
    inDoubt.length === 0
      ? 'no change is in doubt'
      : `in doubt: ${inDoubt.join(', ')}; see \`flamingock status\``,
  ].join('\n');
}
