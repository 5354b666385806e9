import { Command } from 'commander';
import type { Plan, PlanStep } from '@flamingock/core';
import type { Answer } from '../frame/answer.js';
import { EXIT } from '../frame/exit-code.js';
import type { Frame, Invocation } from '../frame/frame.js';
import type { Colours } from '../terminal/output.js';
import { examples } from './examples.js';

/** What a run would do with a change. */
type Intention = 'apply' | 'skip' | 'heal' | 'retry' | 'blocked' | 'held' | 'restricted' | 'reserved';

/** `flamingock plan`: what a run would do and why, change by change. */
export function planCommand(frame: Frame): Command {
  return new Command('plan')
    .description('what a run would do and why, change by change; reads, and changes nothing')
    .addHelpText(
      'after',
      examples(
        ['plan -e staging', 'before `apply`'],
        ['plan -e staging --json', 'ends with 2 where a run would be refused'],
      ),
    )
    .action(frame.action('plan', plan));
}

async function plan({ engine }: Invocation<object>): Promise<Answer> {
  const { flamingock, options } = await engine();
  const { toldError } = await import('../frame/failure.js');
  const { table } = await import('../terminal/table.js');
  const made = await flamingock.plan();
  const steps = made.steps.map((step) => ({ step, ...intentionOf(step) }));
  const problems = made.problems.map(toldError);
  return {
    data: {
      service: options.service,
      environment: options.environment,
      tenant: options.tenant ?? '',
      steps: steps.map(({ step: { change, latest, attempts }, intention, because }) => ({
        id: change.id,
        displayName: name(made, change.id),
        targetSystem: change.targetSystem,
        source: change.source,
        intention,
        because,
        attempts,
        ...(latest === undefined ? {} : { state: latest.state }),
      })),
      ahead: made.ahead,
      problems,
    },
    screen: (colours) =>
      [
        table(
          steps.map(({ step: { change }, intention, because }) => [
            coloured(intention, colours),
            name(made, change.id),
            change.targetSystem,
            because,
          ]),
        ),
        ...made.ahead.map((id) => colours.yellow(`! ${id} is applied, and this release does not know it`)),
        ...problems.map(
          ({ code, message, hint }) =>
            `${colours.red('✘')} ${code}: ${message}\n  ${colours.dim('->')} ${hint}`,
        ),
      ].join('\n'),
    exit: problems.length === 0 ? EXIT.DONE : EXIT.COULD_NOT,
  };
}

function name({ steps }: Plan, id: string): string {
  const change = steps.find((step) => step.change.id === id)?.change;
  return change === undefined ? id : `_${change.order.padStart(4, '0')}__${change.name}`;
}

function intentionOf({ change, action, latest, attempts }: PlanStep): {
  readonly intention: Intention;
  readonly because: string;
} {
  switch (action) {
    case 'skip':
      return { intention: 'skip', because: `it is applied (${latest?.state ?? ''})` };
    case 'restricted':
      return {
        intention: 'restricted',
        because: `it runs in ${change.environments?.join(', ') ?? 'other environments'}`,
      };
    case 'held':
      return { intention: 'held', because: 'it was undone; `apply` applies it again' };
    case 'apply':
      if (change.runBy === 'cli')
        return { intention: 'reserved', because: 'only `apply` runs it, and no start' };
      return latest === undefined
        ? { intention: 'apply', because: 'it never ran' }
        : {
            intention: 'retry',
            because: `nothing of it remains (${latest.state}, proof: ${latest.proof}), after ${attempts} attempts`,
          };
    case 'settle':
      return settling(change, latest);
  }
}

function settling(
  change: PlanStep['change'],
  latest: PlanStep['latest'],
): { readonly intention: Intention; readonly because: string } {
  if (latest?.state === 'STARTED')
    return {
      intention: 'heal',
      because: `it was interrupted: ${latest.strategy === 'NON_TX' ? 'its verify, or a person, tells what became of it' : 'the target system tells what became of it'}`,
    };
  if (change.verify !== undefined)
    return { intention: 'heal', because: 'nothing proves its outcome; its verify is asked' };
  if (change.recovery === 'ALWAYS_RETRY' && latest?.kind !== 'undo')
    return { intention: 'retry', because: 'nothing proves its outcome, and its recovery is ALWAYS_RETRY' };
  return {
    intention: 'blocked',
    because: `nothing proves its outcome: \`flamingock issue show ${change.id}\``,
  };
}

function coloured(intention: Intention, { green, red, yellow, cyan, dim }: Colours): string {
  const colour = {
    apply: cyan,
    retry: cyan,
    reserved: cyan,
    skip: green,
    heal: yellow,
    held: yellow,
    blocked: red,
    restricted: dim,
  }[intention];
  return colour(intention);
}
