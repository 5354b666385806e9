import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));

/**
 * The lines that the README shows as output, and that are not among those that were really written. What differs
 * from run to run (numbers, times, host names) counts as equal.
 *
 * @param heading of the section
 * @param written what was really written
 * @param blocks which of the section's blocks of output; default all
 */
export function notAsWritten(
  heading: string,
  written: readonly string[],
  blocks?: readonly number[],
): string[] {
  const section = readFileSync(README, 'utf8')
    .split(/^## /m)
    .find((text) => text.startsWith(heading));
  if (section === undefined) throw new Error(`The README has no section '${heading}'`);
  const shown = [...section.matchAll(/^```text\n(.*?)^```$/gms)]
    .filter((_, index) => blocks === undefined || blocks.includes(index))
    .flatMap(([, text = '']) => text.split('\n'));
  if (shown.length === 0) throw new Error(`The README shows no such output in '${heading}'`);
  const seen = new Set(written.flatMap((text) => text.split('\n')).map(lasting));
  return shown.filter((line) => line !== '' && !seen.has(lasting(line)));
}

function lasting(line: string): string {
  return line
    .replaceAll(/ on (?!http)[\w.-]+(?=[,\s)])/g, ' on HOST')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/(?<!_)\b\d+\b(?!__)/g, '#')
    .trimEnd();
}
