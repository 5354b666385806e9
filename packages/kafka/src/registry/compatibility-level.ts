import { invalid } from './schema.js';

const LEVELS = [
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
  'NONE',
] as const;

/** What a registry holds a new version to. */
export type CompatibilityLevel = (typeof LEVELS)[number];

/** Throws `FLG_OPTION_INVALID`: not every registry refuses what is none. */
export function assertLevel(level: unknown): void {
  if (!(LEVELS as readonly unknown[]).includes(level))
    throw invalid('compatibility', `must be one of ${LEVELS.join(', ')}`);
}
