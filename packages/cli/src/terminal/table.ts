import stringWidth from 'string-width';

const GAP = '  ';

/**
 * Rows in columns, two blanks apart; a heading where it is given. No lines: what is piped stays easy to cut, and what is
 * on screen easy to read. Takes time in proportion to the rows, of which a ledger has thousands.
 */
export function table(rows: readonly (readonly string[])[], head?: readonly string[]): string {
  const all = head === undefined ? rows : [head, ...rows];
  const widths: number[] = [];
  for (const row of all)
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}
