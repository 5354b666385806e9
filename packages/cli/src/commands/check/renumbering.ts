import { type Change, compareOrder } from '@flamingock/core/desk';

/** A change that gets another place. */
export interface Renumbering {
  readonly change: Change;
  readonly order: string;
}

/**
 * Places for new changes that no other one has, in the order that they have among each other. One that stands where it
 * may stand keeps its place.
 *
 * @param fresh in ascending order
 * @param fixed the orders that are taken
 * @param outOfOrder a new change may stand below one that is not
 */
export function renumberings(
  fresh: readonly Change[],
  fixed: readonly string[],
  outOfOrder: boolean,
): readonly Renumbering[] {
  const taken = new Set(fixed);
  let highest = [...fixed].sort(compareOrder).at(-1) ?? '';
  const moved: Renumbering[] = [];
  for (const change of fresh) {
    const stays = !taken.has(change.order) && (outOfOrder || compareOrder(change.order, highest) > 0);
    const order = stays ? change.order : String(BigInt(highest) + 1n);
    if (!stays) moved.push({ change, order });
    taken.add(order);
    if (compareOrder(order, highest) > 0) highest = order;
  }
  return moved;
}
