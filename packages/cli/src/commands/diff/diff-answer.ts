import type { RecordedChange } from '@flamingock/core/desk';
import type { Answer } from '../../frame/answer.js';
import { EXIT, type ExitCode } from '../../frame/exit-code.js';
import type { Colours } from '../../terminal/output.js';
import { table } from '../../terminal/table.js';
import { moment } from '../../terminal/time-text.js';
import { compared, type ComparedChange, type Difference, type Verdict, verdictOf } from './compared.js';
import type { Side } from './side.js';

/**
 * Two environments side by side.
 *
 * @param check whether the exit code tells of a difference
 */
export function diffAnswer(first: Side, second: Side, check: boolean): Answer {
  const changes = compared(first.changes, second.changes);
  const verdict = verdictOf(changes);
  const isSound = first.defect === undefined && second.defect === undefined;
  return {
    data: {
      first: toldSide(first),
      second: toldSide(second),
      verdict,
      changes: changes.map(({ first: one, second: other, ...change }) => ({
        ...change,
        first: toldChange(one),
        second: toldChange(other),
      })),
    },
    screen: (colours) => screenOf(first, second, changes, verdict, colours),
    exit: check ? exitOf(verdict, isSound) : EXIT.DONE,
  };
}

function toldSide(side: Side): object {
  const { name, from, key, entries, defect } = side;
  return {
    ...{ name, from, entries },
    service: key?.service ?? null,
    environment: key?.environment ?? null,
    tenant: key?.tenant ?? null,
    applied: appliedOn(side).length,
    latest: latestOn(side)?.displayName ?? null,
    defect: defect ?? null,
  };
}

function toldChange(change: RecordedChange | undefined): object | null {
  if (change === undefined) return null;
  const { order, state, proof, targetSystem, version, wants, applied } = change;
  return {
    ...{ order, state, proof, targetSystem },
    ...(wants.length === 0 ? {} : { wants }),
    ...(version === undefined ? {} : { version }),
    ...(applied === undefined ? {} : { appliedAt: moment(applied.at), sequence: applied.sequence }),
  };
}

function screenOf(
  first: Side,
  second: Side,
  changes: readonly ComparedChange[],
  verdict: Verdict,
  colours: Colours,
): string {
  const { bold, dim, yellow } = colours;
  const names = [first.name, second.name] as const;
  const sides = [first, second];
  const rows = [
    ['', '', ...names.map((name) => bold(name))],
    [dim('at'), '', ...sides.map((side) => latestOn(side)?.displayName ?? 'nothing applied')],
    [dim('applied'), '', ...sides.map((side) => String(appliedOn(side).length))],
    ...changes.flatMap((change) => [
      [
        coloured(change, names, colours),
        change.displayName,
        cell(change.first, change.differences),
        cell(change.second, change.differences),
      ],
      ...missing(change).map((line) => ['', dim(`  ${line}`), '', '']),
    ]),
  ];
  return [
    table(rows),
    '',
    ...sides.flatMap(({ name, defect }) =>
      defect === undefined ? [] : [yellow(`! the ledger of ${name}: ${defect}`)],
    ),
    summary(changes, verdict, names),
  ].join('\n');
}

/** What one side's target system does not hold, where the change says so. */
function missing({ finding, first, second }: ComparedChange): readonly string[] {
  if (finding !== 'only-first' && finding !== 'only-second') return [];
  return (finding === 'only-first' ? first : second)?.wants ?? [];
}

function cell(change: RecordedChange | undefined, differences: readonly Difference[]): string {
  if (change === undefined) return '–';
  const { applied, state, proof, order, version, targetSystem } = change;
  if (applied === undefined) return proof === 'none' ? state : `${state} (${proof})`;
  const told: Readonly<Record<Difference, string>> = {
    order: `order ${order}`,
    position: `entry ${applied.sequence}`,
    version: version === undefined ? 'no revision' : `revision ${version}`,
    target: targetSystem,
  };
  return [moment(applied.at), ...differences.map((difference) => told[difference])].join(', ');
}

const WORDS: Readonly<Record<Difference, string>> = {
  order: 'other number',
  position: 'other order',
  version: 'other revision',
  target: 'other target',
};

function coloured(
  { finding, differences }: ComparedChange,
  [first, second]: readonly [string, string],
  { green, red, yellow, dim }: Colours,
): string {
  switch (finding) {
    case 'same':
      return green('✔ same');
    case 'different':
      return red(`✘ ${differences.map((difference) => WORDS[difference]).join(', ')}`);
    case 'only-first':
      return yellow(`! missing in ${second}`);
    case 'only-second':
      return yellow(`! missing in ${first}`);
    case 'restricted':
      return dim('– restricted');
    case 'open':
      return yellow('! applied in neither');
  }
}

function summary(
  changes: readonly ComparedChange[],
  verdict: Verdict,
  [first, second]: readonly [string, string],
): string {
  const unlike = changes.filter(({ finding }) =>
    ['different', 'only-first', 'only-second'].includes(finding),
  );
  const count = unlike.length === 1 ? '1 change' : `${unlike.length} changes`;
  switch (verdict) {
    case 'same':
      return `${first} and ${second} have the same changes`;
    case 'first-behind':
      return `${first} is behind ${second}: ${count}`;
    case 'second-behind':
      return `${second} is behind ${first}: ${count}`;
    case 'diverged':
      return `${first} and ${second} have parted: ${count}`;
  }
}

function exitOf(verdict: Verdict, isSound: boolean): ExitCode {
  if (!isSound || verdict === 'diverged') return EXIT.DRIFT;
  return verdict === 'same' ? EXIT.DONE : EXIT.PENDING;
}

function appliedOn({ changes }: Side): readonly RecordedChange[] {
  return changes.filter(({ applied }) => applied !== undefined);
}

function latestOn(side: Side): RecordedChange | undefined {
  return appliedOn(side).at(-1);
}
