import { Command } from 'commander';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import type { DoctorOptions } from './doctor/doctor-options.js';
import { examples } from './examples.js';

const TIMEOUT_MS = 15_000;

/** `flamingock doctor`: everything that can be wrong before anything runs, each with its fix. */
export function doctorCommand(frame: Frame): Command {
  return new Command('doctor')
    .description('looks at project, configuration, store and targets; reads, and changes nothing')
    .option('--timeout <span>', 'how long each check may take (default: 15s)')
    .addHelpText(
      'after',
      examples(
        ['doctor -e production', 'all findings together; ends with 2 where one is an error'],
        ['doctor', 'without an environment: what the project itself tells'],
        ['doctor -e staging --json', 'for a program'],
      ),
    )
    .action(frame.action('doctor', doctor));
}

async function doctor(invocation: Invocation<DoctorOptions>): Promise<Answer> {
  const { timeout } = invocation.options;
  const { parseSpan } = await import('../terminal/time-text.js');
  const timeoutMs = timeout === undefined ? TIMEOUT_MS : parseSpan(timeout);
  if (timeoutMs === undefined || timeoutMs === 0) {
    const { usage } = await import('../frame/usage.js');
    throw usage(`--timeout '${timeout ?? ''}' is no span.`, 'Write 500ms, 30s or 2m.');
  }
  const { examine } = await import('./doctor/examine.js');
  const { doctorAnswer } = await import('./doctor/doctor-answer.js');
  return doctorAnswer(await examine(invocation, timeoutMs));
}
