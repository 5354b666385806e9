import { Command } from 'commander';
import type { ResetReport } from '@flamingock/core';
import type { Answer } from '../../frame/answer.js';
import type { Frame, Invocation } from '../../frame/frame.js';
import { examples } from '../examples.js';
import { type PersonOptions, withPerson } from '../person-options.js';

/** `flamingock dev reset`: begins a new epoch of the ledger. */
export function resetCommand(frame: Frame): Command {
  const command = new Command('reset')
    .description('after the databases were dropped: the ledger begins anew, and keeps what it has as history')
    .addHelpText(
      'after',
      examples(
        ['dev reset -e local', 'asks on a terminal before it does anything'],
        [
          'dev reset -e local --confirm local --actor jane --reason "the databases were dropped"',
          'without questions',
        ],
      ),
    );
  return withPerson(command).action(frame.action('dev reset', reset));
}

async function reset(invocation: Invocation<PersonOptions>): Promise<Answer> {
  const { disposableEngine } = await import('./disposable-engine.js');
  const { flamingock, environment } = await disposableEngine(invocation, 'flamingock dev reset');
  const { confirmed, personOf } = await import('../person.js');
  await confirmed(invocation, environment, 'takes everything that is recorded for history');
  const report = await flamingock.reset(await personOf(invocation));
  const { sequence = null, applied } = report;
  return { data: { sequence, applied }, screen: () => summary(report, environment) };
}

function summary({ sequence, applied }: ResetReport, environment: string): string {
  if (sequence === undefined)
    return 'nothing to reset: the ledger holds nothing that counts, so a start begins anew';
  return [
    `a new epoch begins with entry ${sequence}; of what was before, ${applied.length} applied ${applied.length === 1 ? 'change counts' : 'changes count'} no more`,
    `next: flamingock apply -e ${environment}, or start the application`,
  ].join('\n');
}
