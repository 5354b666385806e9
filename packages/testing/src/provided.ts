import assert from 'node:assert/strict';

/** What a harness must give for an ability that it does not say its system lacks. */
export function provided<T>(ability: string, part: T | undefined): T {
  assert.ok(
    part !== undefined,
    `the harness gives nothing for the ability '${ability}': provide it, or say in \`lacks\` why there is none`,
  );
  return part;
}
