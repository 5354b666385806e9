import { startRegistry } from '../../../tools/services/registry.mjs';
import { inSequence, ownOf } from './in-sequence.mjs';

/**
 * One schema registry, in which the subjects of a trial begin with its name.
 *
 * @param {import('../sandbox.mjs').Sandbox} sandbox
 * @returns {Promise<import('./systems.mjs').WatchedSystem>}
 */
export async function openRegistry(sandbox) {
  const registry = await startRegistry();
  sandbox.onClose(() => registry.stop());
  return {
    address: () => registry.url,
    async effects({ name }) {
      const response = await fetch(`${registry.url}/subjects`);
      return inSequence(ownOf(name, /** @type {readonly string[]} */ (await response.json())));
    },
  };
}
