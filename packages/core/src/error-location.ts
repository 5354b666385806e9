import { isObject } from './is-object.js';

/**
 * Where in the change's own file an error was thrown: `changes/_0003__X.js:12:5`. `undefined` where its stack does
 * not lead through that file. Holds nothing of the error but a place, so it may be recorded.
 *
 * @param source the change's source, relative to the directory of changes
 */
export function locationIn(error: unknown, source: string): string | undefined {
  const file = source.split('/').at(-1) ?? source;
  const stack = isObject(error) && 'stack' in error && typeof error.stack === 'string' ? error.stack : '';
  for (const frame of stack.split('\n')) {
    const at = frame.lastIndexOf(`${file}:`);
    const place = at < 0 ? null : /^:\d+(?::\d+)?/.exec(frame.slice(at + file.length));
    if (place !== null) return `${source}${place[0]}`;
  }
  return undefined;
}
