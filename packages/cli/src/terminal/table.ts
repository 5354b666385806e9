import Table from 'cli-table3';

/** No lines: what is piped stays easy to cut, and what is on screen easy to read. */
const PLAIN = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((part) => [part, '']),
);

/** Rows in columns, two blanks apart; a heading where it is given. */
export function table(rows: readonly (readonly string[])[], head?: readonly string[]): string {
  const printed = new Table({
    chars: { ...PLAIN, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  printed.push(...[...(head === undefined ? [] : [head]), ...rows].map((row) => [...row]));
  return printed
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
