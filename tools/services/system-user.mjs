import { execFileSync } from 'node:child_process';

/** @typedef {{ readonly uid: number, readonly gid: number }} SystemUser */

/**
 * Whom a database server runs as: it refuses root, so root lends it the user that its package has made. Everybody
 * else runs it as oneself.
 *
 * @param {string} name
 * @returns {SystemUser | undefined}
 */
export function unlessRoot(name) {
  if (process.getuid?.() !== 0) return undefined;
  /** @param {string} flag */
  const id = (flag) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
