const RENEWAL = 'session.renew';

/**
 * Whether a point lies around a renewal of the lease, which a timer makes.
 *
 * @param {string} point
 */
export function isRenewal(point) {
  return point.startsWith(RENEWAL);
}

/**
 * Each moment once: between the end of one call and the beginning of the next nothing happens outside of the process. A
 * renewal comes anywhere and any number of times: the first one is tried, beside the others, unless the lease is renewed by
 * the commits of the changes anyway.
 *
 * @param {readonly string[]} points
 */
export function distinct(points) {
  const inOrder = points.filter((point) => !isRenewal(point));
  return [
    ...inOrder.filter(
      (point, index) => !(point.endsWith('before') && inOrder[index - 1]?.endsWith('after') === true),
    ),
    ...(points.includes('within.renew 1 before')
      ? []
      : points.filter((point) => point.startsWith(`${RENEWAL} 1 `))),
  ];
}
