/**
 * Something that was to be reached, and what was measured.
 *
 * @typedef {object} Target
 * @property {string} what
 * @property {number} measured
 * @property {number} limit
 * @property {boolean} met
 */

/**
 * A target that is met where no more than the limit was measured.
 *
 * @param {string} what
 * @param {number} measured
 * @param {number} limit
 * @returns {Target}
 */
export const atMost = (what, measured, limit) => ({ what, measured, limit, met: measured <= limit });

/** @param {readonly Target[]} targets */
export const allMet = (targets) => targets.every(({ met }) => met);
