import type { FenceAnswer, FenceKey } from '@flamingock/core/spi';

/**
 * The environment and the token that a fence still carries where nobody has claimed it since it answered a claim. `null`:
 * of another environment's fence the token is not told, and any is meant.
 */
export function shownFence(
  { environment }: FenceKey,
  token: number,
  shown: FenceAnswer,
): readonly [environment: string, claimed: number | null] {
  switch (shown.status) {
    case 'claimed':
      return [environment, token];
    case 'superseded':
      return [environment, shown.claimed];
    case 'foreign':
      return [shown.environment, null];
  }
}
