import { EffectCounter } from '../effect-counter.mjs';

/**
 * A system that counts requests, with a path for each trial.
 *
 * @param {import('../sandbox.mjs').Sandbox} sandbox
 * @returns {Promise<import('./systems.mjs').WatchedSystem>}
 */
export async function openHttp(sandbox) {
  const counter = await EffectCounter.start();
  sandbox.onClose(() => counter.close());
  return {
    address: () => counter.url,
    effects: ({ name }) =>
      Promise.resolve(counter.of(name).map((effect) => ({ name: effect, complete: true }))),
  };
}
