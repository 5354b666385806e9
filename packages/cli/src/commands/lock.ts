import { Command } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';
import type { PersonOptions } from './person-options.js';
import { withPerson } from './person-options.js';

/** `flamingock lock`: who is at it, and the way to take the lock away. */
export function lockCommand(frame: Frame): Command {
  const release = new Command('release')
    .description('takes the lock away from its holder; a lease that has run out needs no release')
    .addHelpText(
      'after',
      examples([
        'lock release -e staging --confirm staging --actor jane --reason "its machine is gone"',
        'writes who did it, and why, into the ledger',
      ]),
    );
  return new Command('lock')
    .description('the lock of a ledger')
    .addCommand(
      new Command('show')
        .description('the holder, since when, and the age of the last renewal')
        .addHelpText('after', examples(['lock show -e production', 'needs only the audit store']))
        .action(frame.action('lock show', show)),
    )
    .addCommand(withPerson(release).action(frame.action('lock release', releaseLock)));
}

async function show({ project }: Invocation<object>): Promise<Answer> {
  const desk = await (await project()).desk();
  const { lockLine, toldLock } = await import('../terminal/lock-text.js');
  const { key, lock, now } = await desk.status();
  return {
    data: { ...key, lock: toldLock(lock, now) },
    screen: () => lockLine(lock, now),
  };
}

async function releaseLock(invocation: Invocation<PersonOptions>): Promise<Answer> {
  const { output, project } = invocation;
  const desk = await (await project()).desk();
  const { lockLine, toldLock } = await import('../terminal/lock-text.js');
  const { confirmed, personOf } = await import('./person.js');
  const { key, lock, now } = await desk.status();
  output.note(lockLine(lock, now));
  if (lock !== undefined && lock.expiresAt > now)
    output.note(
      output.noteColours.yellow(
        'Its holder is alive: it has renewed the lock in time. Taken away, it is stopped at its next step, and the change that it is at may need a person.',
      ),
    );
  // Where nobody has it there is nothing to confirm: the desk says so.
  if (lock !== undefined) await confirmed(invocation, key.environment, 'takes the lock away');
  const person = lock === undefined ? { actor: '-', reason: '-' } : await personOf(invocation);
  const { released, wasHeld, sequence } = await desk.releaseLock({ ...person, expected: lock?.owner ?? '' });
  return {
    data: { ...key, released: toldLock(released, now), wasHeld, sequence: sequence ?? null },
    screen: () =>
      sequence === undefined
        ? 'released; another instance has taken the lock at once'
        : `released, and noted in the ledger as entry ${sequence}`,
  };
}
