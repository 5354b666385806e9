import { Command } from 'commander';
import type { RunReport } from '@flamingock/core';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import type { Output } from '../terminal/output.js';
import { Live } from './apply/live.js';
import { examples } from './examples.js';

interface Options {
  readonly until?: string;
  readonly wait?: boolean;
  readonly timeout?: string;
}

/** `flamingock apply`: the run, outside of an application's start. */
export function applyCommand(frame: Frame): Command {
  const live = new Live();
  return new Command('apply')
    .description(
      'applies what is pending, in order; also what is reserved for the command line or was undone',
    )
    .option('--until <id>', 'the last change to apply')
    .option('--wait', 'wait for the lock where another instance has it (default: end with 7)')
    .option('--timeout <span>', 'with --wait, how long at most: 30s, 5m, 2h (default: lock.waitMs, or 10m)')
    .addHelpText(
      'after',
      examples(
        ['apply -e staging', 'Ctrl-C lets the current change finish; twice stops it'],
        ['apply -e staging --until add-payment-method-column', 'no further than this change'],
        ['apply -e production --wait --timeout 30m', 'in a job before the deployment'],
        ['apply -e production --json', 'a JSON object a line: what happens, and the result at last'],
      ),
    )
    .action(
      frame.action(
        'apply',
        (invocation: Invocation<Options>) => apply(invocation, live),
        (output) => live.logger(output),
      ),
    );
}

async function apply(invocation: Invocation<Options>, live: Live): Promise<Answer | undefined> {
  const { options, output, engine } = invocation;
  const waitMs = await waitOf(options);
  const { flamingock } = await engine();
  const { ndjson } = await import('./apply/ndjson.js');
  const stop = output.json
    ? flamingock.subscribe(ndjson(output))
    : flamingock.subscribe(await live.listener(output));
  try {
    const { until } = options;
    const report = await flamingock.run({
      by: 'cli',
      ...(waitMs === undefined ? {} : { waitMs }),
      ...(until === undefined ? {} : { until }),
    });
    if (!output.json) return { data: report, screen: () => summary(report) };
    await tellResult(output, report);
    return undefined;
  } finally {
    stop();
    live.end();
  }
}

/** In milliseconds; `undefined`: as long as the configuration says. */
async function waitOf({ wait = false, timeout }: Options): Promise<number | undefined> {
  if (timeout === undefined) return wait ? undefined : 0;
  const [{ parseSpan }, { usage }] = await Promise.all([
    import('../terminal/time-text.js'),
    import('../frame/usage.js'),
  ]);
  const ms = parseSpan(timeout);
  if (ms === undefined) throw usage(`--timeout says '${timeout}', which is no span.`, 'Write 30s, 5m or 2h.');
  if (!wait) throw usage('--timeout is how long to wait, and --wait is missing.', 'Add --wait.');
  return ms;
}

/** With `--json` everything is a line, the result too. */
async function tellResult(output: Output, report: RunReport): Promise<void> {
  const { jsonOf } = await import('../frame/answer.js');
  output.data(JSON.stringify({ type: 'result', ...jsonOf('apply', { data: report, screen: () => '' }) }));
}

function summary({ outcome, applied, settled, total }: RunReport): string {
  const names = applied.map(({ displayName }) => displayName);
  if (outcome === 'waited') return `nothing left to apply: another instance did (${total} in all)`;
  if (names.length === 0 && settled.length === 0) return `nothing to apply (${total} applied)`;
  return [...settled.map((id) => `found applied ${id}`), ...names.map((name) => `applied ${name}`)].join(
    '\n',
  );
}
