import { readFile, writeFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { format, resolveConfig } from 'prettier';

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, string>>;

/**
 * Checks that a page has a table of what was seen, between `<!-- name -->` and `<!-- /name -->`; with
 * `FLAMINGOCK_WRITE_TABLES` set it is written there.
 */
export async function expectTable(page: URL, name: string, rows: readonly Row[]): Promise<void> {
  const text = await readFile(page, 'utf8');
  const header = Object.keys(rows[0] ?? {});
  const lines = [
    header,
    header.map(() => '---'),
    ...rows.map((row) => header.map((column) => cell(row[column]))),
  ];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page.pathname} has no place for the table '${name}'`);
  const filled = `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
  const written = await format(filled, { ...(await resolveConfig(page)), parser: 'markdown' });
  if (process.env['FLAMINGOCK_WRITE_TABLES'] !== undefined) await writeFile(page, written);
  else expect(text).toBe(written);
}

function cell(text = ''): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
