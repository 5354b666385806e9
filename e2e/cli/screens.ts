import { readFileSync } from 'node:fs';

const STORY = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/**
 * What parts of docs/operations.md show as printed, in order.
 *
 * @param headings of the parts
 * @param language of the blocks
 */
export function recordedScreens(headings: RegExp, language: 'text' | 'json' = 'text'): readonly string[] {
  const parts = STORY.split(/^## /m).filter((part) => headings.test(part.slice(0, part.indexOf('\n'))));
  const blocks = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...parts.join('').matchAll(blocks)].map(([, screen = '']) => screen);
}

/** Times, processes, machines and hashes differ from night to night; everything else is as it is written. */
export function timeless(screen: string): string {
  return screen
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replace(/\d+ (?:ms|s|min)\b/g, '<span>')
    .replace(/process \d+ on [\w.-]+/g, '<process>')
    .replace(/on [\w.-]+ \(process \d+\)/g, 'on <process>')
    .replace(/\S+:\d{2,}(?=\s|$)/gm, '<process>')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '')
    .trim();
}

const DIFFERENT = ['executionId', 'instanceId', 'host', 'processId', 'at'];

/** The same for an answer as JSON. */
export function timelessJson(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (DIFFERENT.includes(name) ? `<${name}>` : value));
}
