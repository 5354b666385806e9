import { Command, Option } from 'commander';
import type { HashedEntry } from '@flamingock/core/desk';
import type { Answer } from '../frame/answer.js';
import { EXIT } from '../frame/exit-code.js';
import type { Frame, Invocation } from '../frame/frame.js';
import type { FilterOptions } from './audit/entry-filter.js';
import type { ExportFormat } from './audit/entry-export.js';
import { examples } from './examples.js';

interface ListOptions extends FilterOptions {
  readonly limit?: string;
}

interface ExportOptions extends FilterOptions {
  readonly format: ExportFormat;
  readonly output?: string;
}

interface VerifyOptions {
  readonly head?: string;
  readonly export?: string;
}

/** `flamingock audit`: what was recorded, in what order, across systems and by whom. */
export function auditCommand(frame: Frame): Command {
  return new Command('audit')
    .description('the ledger: in what order changes were applied, across systems, and by whom')
    .addCommand(listCommand(frame))
    .addCommand(
      new Command('show')
        .description('one entry, with everything that it holds')
        .argument('<sequence>', 'of the entry')
        .addHelpText('after', examples(['audit show 7 -e production', 'as it was written']))
        .action(frame.action('audit show', show)),
    )
    .addCommand(exportCommand(frame))
    .addCommand(
      new Command('verify')
        .description('whether the ledger is what was written; ends with 6 where it is not')
        .option('--head <hash>', 'a head that was kept elsewhere: <hash>, or <sequence>:<hash>')
        .option('--export <file>', 'an earlier `audit export` as JSON or NDJSON, to hold it against')
        .addHelpText(
          'after',
          examples(
            ['audit verify -e production', 'finds what was edited, inserted, taken out or cut off'],
            ['audit verify -e production --export audit.ndjson', 'finds a ledger that was rewritten'],
          ),
        )
        .action(frame.action('audit verify', verify)),
    );
}

function listCommand(frame: Frame): Command {
  return filtered(new Command('list').description('entries, oldest first'))
    .option('--limit <count>', 'only the last ones')
    .addHelpText(
      'after',
      examples(
        ['audit list -e production --limit 20', 'what happened last'],
        ['audit list -e production --change add-payment-method-column --json', 'the life of one change'],
      ),
    )
    .action(frame.action('audit list', list));
}

function exportCommand(frame: Frame): Command {
  return filtered(new Command('export').description('entries with their hashes, for other tools'))
    .addOption(new Option('--format <format>', 'how').choices(['ndjson', 'json', 'csv']).default('ndjson'))
    .option('-o, --output <file>', 'where (default: stdout)')
    .addHelpText(
      'after',
      examples(
        ['audit export -e production > audit.ndjson', 'kept elsewhere, it shows later what was rewritten'],
        ['audit export -e production --format csv --since 2026-01-01', 'for a spreadsheet'],
      ),
    )
    .action(frame.action('audit export', exportEntries));
}

function filtered(command: Command): Command {
  return command
    .option('--change <id>', 'of this change')
    .option('--target <name>', 'at this target system')
    .option('--state <state>', 'with this outcome: APPLIED, FAILED, …')
    .option('--since <time>', 'from this time on: 2026-01-31, 2026-01-31T03:00Z')
    .option('--before <time>', 'before this time')
    .option('--instance <id>', 'by this process')
    .option('--execution <id>', 'of this run')
    .option('--actor <name>', 'by this person');
}

async function list(invocation: Invocation<ListOptions>): Promise<Answer> {
  const { desk, entries: all } = await selected(invocation);
  const entries = await lastOf(all, invocation.options.limit);
  const { entryRows, toldEntry } = await import('./audit/entry-text.js');
  return {
    data: { ...desk.key, entries: entries.map(toldEntry) },
    screen: (colours) => (entries.length === 0 ? 'no entry' : entryRows(entries, colours)),
  };
}

async function show({ arguments: given, project }: Invocation<object>): Promise<Answer> {
  const desk = await (await project()).desk();
  const { entries } = await desk.history();
  const entry = entries.find(({ sequence }) => String(sequence) === given[0]);
  if (entry === undefined) {
    const { usage } = await import('../frame/usage.js');
    throw usage(
      `The ledger has no entry ${given[0] ?? ''}.`,
      `It has ${entries.length}: see \`flamingock audit list\`.`,
    );
  }
  const { entryScreen, toldEntry } = await import('./audit/entry-text.js');
  return { data: { ...desk.key, entry: toldEntry(entry) }, screen: (colours) => entryScreen(entry, colours) };
}

async function exportEntries(invocation: Invocation<ExportOptions>): Promise<Answer | undefined> {
  const { options, output } = invocation;
  if (output.json && options.output === undefined) {
    const { usage } = await import('../frame/usage.js');
    throw usage(
      'With --json stdout tells what was exported, so the export itself cannot go there.',
      'Name a file with --output, or take `--format json` without --json.',
    );
  }
  const { desk, entries } = await selected(invocation);
  const { exported } = await import('./audit/entry-export.js');
  const text = exported(entries, options.format);
  if (options.output === undefined) {
    if (text !== '') output.data(text);
    return undefined;
  }
  await writeExport(options.output, text);
  return {
    data: { ...desk.key, file: options.output, format: options.format, entries: entries.length },
    screen: () => `${entries.length} entries in ${options.output ?? ''}`,
  };
}

async function writeExport(file: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  try {
    await writeFile(file, text);
  } catch (error) {
    const { usage } = await import('../frame/usage.js');
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw usage(`The export could not be written to ${file} (${code}).`, 'Name a file that can be written.');
  }
}

async function verify({ options, project }: Invocation<VerifyOptions>): Promise<Answer> {
  const desk = await (await project()).desk();
  const history = await desk.history();
  const { heldAgainst } = await import('./audit/witnesses.js');
  const chain = await heldAgainst(history, options);
  const { head } = history;
  return {
    data: {
      ...desk.key,
      intact: chain.intact,
      ...(chain.intact ? {} : { sequence: chain.sequence, reason: chain.reason }),
      head: head ?? null,
    },
    screen: ({ green, red }) =>
      chain.intact
        ? `${green('✔')} intact: ${history.entries.length} entries${head === undefined ? '' : `, head ${head.sequence}:${head.hash}`}`
        : `${red('✘')} broken at entry ${chain.sequence}: ${chain.reason}`,
    exit: chain.intact ? EXIT.DONE : EXIT.DRIFT,
  };
}

async function selected({ options, output, project }: Invocation<FilterOptions>): Promise<{
  readonly desk: Awaited<ReturnType<Awaited<ReturnType<typeof project>>['desk']>>;
  readonly entries: readonly HashedEntry[];
}> {
  const { entryFilter } = await import('./audit/entry-filter.js');
  const matches = entryFilter(options);
  const desk = await (await project()).desk();
  const { entries, chain } = await desk.history();
  if (!chain.intact)
    output.note(
      output.noteColours.yellow(
        `the ledger is not what was written: broken at entry ${chain.sequence} (see \`flamingock audit verify\`)`,
      ),
    );
  return { desk, entries: entries.filter(matches) };
}

async function lastOf(
  entries: readonly HashedEntry[],
  limit: string | undefined,
): Promise<readonly HashedEntry[]> {
  if (limit === undefined) return entries;
  const count = Number(limit);
  if (Number.isSafeInteger(count) && count > 0) return entries.slice(-count);
  const { usage } = await import('../frame/usage.js');
  throw usage(`--limit says '${limit}', which is no count.`, 'Write a whole number above 0.');
}
