const SLOT = Symbol.for('framework-contract.application');

/**
 * What the application stands on, made once in a process. It lies in the global object, because every route is a bundle of
 * its own.
 *
 * @returns {Promise<ReturnType<import('../../systems.mjs')['systems']>>}
 */
export function application() {
  const slots = /** @type {Record<symbol, ReturnType<typeof application> | undefined>} */ (globalThis);
  return (slots[SLOT] ??= make());
}

async function make() {
  const address = process.env['SYSTEMS'] ?? '';
  /** @type {import('../../systems.mjs')} */
  const { systems } = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ address);
  return systems();
}
