import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { Plan, RedoReport } from '@flamingock/core';
import type { Answer } from '../../frame/answer.js';
import type { Frame, Invocation } from '../../frame/frame.js';
import { examples } from '../examples.js';

interface Options {
  readonly yes?: boolean;
  readonly actor?: string;
  readonly reason?: string;
}

/** `flamingock dev redo`: undoes a change and those above it, and applies them again as they are written now. */
export function redoCommand(frame: Frame): Command {
  return new Command('redo')
    .description('undoes a change and those above it, and applies them again as they are written now')
    .argument('<id>', 'of the change that was edited')
    .option('--yes', 'also where others above it are undone and applied again')
    .option('--actor <name>', 'who you are; recorded (default: the user of this system)')
    .option('--reason <text>', 'why; recorded (default: that it is redone)')
    .addHelpText(
      'after',
      examples(
        ['dev redo add-totals -e local', 'after an edit; it asks where others stand above it'],
        ['dev redo add-totals -e local --yes', 'in a watch mode'],
      ),
    )
    .action(frame.action('dev redo', redo));
}

async function redo(invocation: Invocation<Options>): Promise<Answer> {
  const id = invocation.arguments[0] ?? '';
  const { disposableEngine } = await import('./disposable-engine.js');
  const { flamingock } = await disposableEngine(invocation, 'flamingock dev redo');
  const plan = await flamingock.plan();
  const ids = plan.steps.map(({ change }) => change.id);
  if (!ids.includes(id)) {
    const { notKnown } = await import('../../frame/usage.js');
    throw notKnown('change', id, ids);
  }
  const shown = shownOf(plan, id);
  for (const { displayName, targetSystem } of shown)
    invocation.output.note(`will undo ${displayName} at '${targetSystem}', and apply it again`);
  await meant(invocation, shown.filter((step) => step.id !== id).length);
  const report = await flamingock.redo(id, {
    ...(await personOf(invocation, id)),
    expected: shown.map((step) => step.id),
  });
  return { data: { changeId: id, ...report }, screen: () => summary(report) };
}

interface ShownStep {
  readonly id: string;
  readonly displayName: string;
  readonly targetSystem: string;
}

/** What the person is shown; under the lock the engine holds what it finds against it. */
function shownOf({ steps }: Plan, id: string): readonly ShownStep[] {
  return steps
    .slice(steps.findIndex(({ change }) => change.id === id))
    .filter(({ action }) => action === 'skip' || action === 'settle')
    .reverse()
    .map(({ change }) => ({
      id: change.id,
      displayName: `_${change.order.padStart(4, '0')}__${change.name}`,
      targetSystem: change.targetSystem,
    }));
}

/** The named change alone is what the person has said. */
async function meant({ options, interactive }: Invocation<Options>, others: number): Promise<void> {
  if (others === 0 || options.yes === true) return;
  const what = `This undoes ${others === 1 ? 'one change' : `${others} changes`} above it as well, and applies ${others === 1 ? 'it' : 'them'} again`;
  if (!interactive) {
    const { usage } = await import('../../frame/usage.js');
    throw usage(`${what}, and nobody has said that it is meant.`, 'If it is: --yes.');
  }
  const { askChoice } = await import('../../terminal/questions.js');
  const answer = await askChoice(`${what}. Go on?`, [
    { value: true, name: 'yes' },
    { value: false, name: 'no' },
  ]);
  if (answer) return;
  const { declined } = await import('../person.js');
  throw declined();
}

/** In an environment that may be thrown away nobody is asked: its user did it, because of the edit. */
async function personOf(
  invocation: Invocation<Options>,
  id: string,
): Promise<{ readonly actor: string; readonly reason: string }> {
  const { actor = systemUser(), reason = `${id} is redone` } = invocation.options;
  if (actor !== undefined) return { actor, reason };
  const { personOf: asked } = await import('../person.js');
  return asked({ ...invocation, options: { ...invocation.options, reason } });
}

/** `undefined` where the system has no name for its user, as in some containers. */
function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function summary({ undone, applied }: RedoReport): string {
  return [
    ...undone.map(({ displayName, proof }) => `undone ${displayName} (proof: ${proof})`),
    ...applied.map(({ displayName }) => `applied ${displayName}`),
  ].join('\n');
}
