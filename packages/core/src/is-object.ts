/** Tells an object from everything else, also one of another realm (Jest, `node:vm`), where `instanceof Object` fails. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
