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
 * Between which two of them the middle half of the values lies.
 *
 * @param {readonly number[]} values at least one
 * @returns {[low: number, high: number]}
 */
export function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.round((sorted.length - 1) * part)] ?? NaN;
  return [at(0.25), at(0.75)];
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
