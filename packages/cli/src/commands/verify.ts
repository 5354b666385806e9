import { Command } from 'commander';
import type { VerifiedChange, VerifyReport } from '@flamingock/core';
import type { Answer } from '../frame/answer.js';
import { EXIT, type ExitCode } from '../frame/exit-code.js';
import type { Frame, Invocation } from '../frame/frame.js';
import type { Colours } from '../terminal/output.js';
import { examples } from './examples.js';

interface Options {
  readonly timeout?: string;
}

/** `flamingock verify`: what somebody has changed behind the application's back. */
export function verifyCommand(frame: Frame): Command {
  return new Command('verify')
    .description(
      'asks the verify of every applied change: drift per change and target system; writes nothing',
    )
    .argument('[id...]', 'only these changes')
    .option('--timeout <span>', 'for all together: 30s, 5m, 2h (default: 10m)')
    .addHelpText(
      'after',
      examples(
        ['verify -e production', 'ends with 6 where something has drifted, 5 where it could not be told'],
        ['verify -e production add-payment-method-column', 'one change'],
      ),
    )
    .action(frame.action('verify', verify));
}

async function verify({ options, arguments: given, engine }: Invocation<Options>): Promise<Answer> {
  const ids = (given[0] ?? []) as unknown as readonly string[];
  const deadlineMs = await deadlineOf(options);
  const { flamingock } = await engine();
  const report = await flamingock.verify({
    ...(ids.length === 0 ? {} : { changes: ids }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const { ok: told, ...data } = report;
  return { data: { told, ...data }, screen: (colours) => screenOf(report, colours), exit: exitOf(report) };
}

async function deadlineOf({ timeout }: Options): Promise<number | undefined> {
  if (timeout === undefined) return undefined;
  const { parseSpan } = await import('../terminal/time-text.js');
  const ms = parseSpan(timeout);
  if (ms !== undefined) return ms;
  const { usage } = await import('../frame/usage.js');
  throw usage(`--timeout says '${timeout}', which is no span.`, 'Write 30s, 5m or 2h.');
}

function exitOf({ ok, drift }: VerifyReport): ExitCode {
  if (ok) return EXIT.DONE;
  return Object.keys(drift).length > 0 ? EXIT.DRIFT : EXIT.FAILED;
}

async function screenOf({ changes, drift }: VerifyReport, colours: Colours): Promise<string> {
  const { table } = await import('../terminal/table.js');
  const drifted = Object.entries(drift).map(
    ([target, ids]) => `${colours.red('✘')} '${target}' has drifted: ${ids.join(', ')}`,
  );
  if (changes.length === 0) return 'no change is applied';
  return [
    table(
      changes.flatMap(({ displayName, targetSystem, result, differences, error }) => {
        const [first = '', ...more] =
          error === undefined ? (differences ?? []) : [`${error.name}: ${error.message}`];
        return [
          [coloured(result, colours), displayName, targetSystem, first],
          ...more.map((line) => ['', '', '', line]),
        ];
      }),
    ),
    ...(drifted.length === 0 ? [] : ['', ...drifted]),
  ].join('\n');
}

function coloured(result: VerifiedChange['result'], { green, red, yellow, dim }: Colours): string {
  switch (result) {
    case 'APPLIED':
      return green('✔ in order');
    case 'NOT_APPLIED':
      return red('✘ drift');
    case 'NO_VERIFY':
      return dim('– no verify');
    case 'UNKNOWN':
      return yellow('! unknown');
    case 'FAILED':
      return yellow('! verify failed');
    case 'NOT_REACHED':
      return yellow('! not reached');
    case 'CHANGED':
      return yellow('! changed meanwhile');
  }
}
