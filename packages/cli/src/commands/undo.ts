import { Command } from 'commander';
import type { FlamingockError, Plan, UndoReport } from '@flamingock/core';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';
import { type PersonOptions, withPerson } from './person-options.js';

interface Options extends PersonOptions {
  readonly last?: boolean;
  readonly downTo?: string;
}

/** `flamingock undo`: rolls applied changes back, last first. */
export function undoCommand(frame: Frame): Command {
  const command = new Command('undo')
    .description('rolls applied changes back, last first; what is undone is held')
    .option('--last', 'the last applied change')
    .option('--down-to <id>', 'all from the last one down to this one, itself included')
    .addHelpText(
      'after',
      examples(
        ['undo -e staging --last', 'asks on a terminal before it does anything'],
        [
          'undo -e staging --down-to add-column --confirm staging --actor jane --reason "release 12 is taken back"',
          'without questions',
        ],
      ),
    );
  return withPerson(command).action(frame.action('undo', undo));
}

async function undo(invocation: Invocation<Options>): Promise<Answer> {
  const { options, output, engine } = invocation;
  const { last = false, downTo } = options;
  const { notKnown, usage } = await import('../frame/usage.js');
  if (last === (downTo !== undefined))
    throw usage('It is not said what to undo.', 'Add --last, or --down-to <id>.');
  const { flamingock, options: made } = await engine();
  const plan = await flamingock.plan();
  const ids = plan.steps.map(({ change }) => change.id);
  if (downTo !== undefined && !ids.includes(downTo)) throw notKnown('change', downTo, ids);
  const shown = shownOf(plan, downTo);
  // The engine would say the same, after everything was asked.
  if (downTo === undefined ? shown.length === 0 : isElsewhere(plan, downTo)) throw await nothingThere(downTo);
  for (const { id, displayName, targetSystem } of shown)
    output.note(`will undo ${displayName} (${id}) at '${targetSystem}'`);
  const { confirmed, personOf } = await import('./person.js');
  await confirmed(invocation, made.environment ?? '', 'rolls back what is listed');
  const person = await personOf(invocation);
  const expected = shown.map(({ id }) => id);
  const report = await flamingock.undo(
    downTo === undefined ? { ...person, last: true, expected } : { ...person, downTo, expected },
  );
  return { data: report, screen: () => summary(report) };
}

async function nothingThere(downTo: string | undefined): Promise<FlamingockError> {
  const { FlamingockError } = await import('@flamingock/core');
  return new FlamingockError({
    code: 'FLG_UNDO_REFUSED',
    message: `${downTo === undefined ? 'No change is applied' : `The change '${downTo}' is not applied`}; nothing was undone.`,
    hint: '`flamingock status` shows what is.',
  });
}

/** Neither applied nor in doubt: of a change whose outcome is not known, the engine says so. */
function isElsewhere({ steps }: Plan, id: string): boolean {
  const action = steps.find(({ change }) => change.id === id)?.action;
  return action !== 'skip' && action !== 'settle';
}

/** What the person is shown; under the lock the engine holds what it finds against it. */
function shownOf(
  { steps }: Plan,
  downTo: string | undefined,
): readonly { readonly id: string; readonly displayName: string; readonly targetSystem: string }[] {
  const isThere = ({ action, latest }: Plan['steps'][number]): boolean =>
    action === 'skip' || (action === 'settle' && latest?.kind === 'undo');
  const lowest = steps.findIndex(({ change }) => change.id === downTo);
  const there = steps.filter((step, index) => isThere(step) && (downTo === undefined || index >= lowest));
  const chosen = downTo === undefined ? there.slice(-1) : there.reverse();
  return chosen.map(({ change: { id, order, name, targetSystem } }) => ({
    id,
    displayName: `_${order.padStart(4, '0')}__${name}`,
    targetSystem,
  }));
}

function summary({ undone, settled }: UndoReport): string {
  return [
    ...settled.map((id) => `found undone ${id}`),
    ...undone.map(({ displayName, proof }) => `undone ${displayName} (proof: ${proof})`),
  ].join('\n');
}
