/**
 * The value in the middle; of an even number of values the mean of the two.
 *
 * @param {readonly number[]} values at least one
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] =
    sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

/**
 * A number as results keep it: three digits that count.
 *
 * @param {number} value
 */
export const rounded = (value) => Number(value.toPrecision(3));

/**
 * What grows with the number of changes and what does not, from two counts.
 *
 * @param {readonly [changes: number, count: number]} few
 * @param {readonly [changes: number, count: number]} many
 */
export function perChange([few, countOfFew], [many, countOfMany]) {
  const slope = (countOfMany - countOfFew) / (many - few);
  return { perChange: rounded(slope), perRun: rounded(countOfFew - few * slope) };
}
