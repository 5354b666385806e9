import { inspect } from 'node:util';

/** A wrong value as a message may show it: without what an object holds, which may be anything. */
export function shown(value: unknown): string {
  return inspect(value, { depth: -1 });
}
