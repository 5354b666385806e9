import assert from 'node:assert/strict';
import type { FrameworkAbility } from './abilities.js';
import { ask } from './answer.js';
import type { FrameworkScene } from './scene.js';

/** What must be true of a framework without an ability. */
export const UNCLAIMED: Readonly<Record<FrameworkAbility, (scene: FrameworkScene) => Promise<void>>> = {
  async http(scene) {
    const { url } = await scene.serving();
    assert.equal(typeof (await ask(`${url}/orders`)), 'string', 'it answers HTTP requests');
  },
  async closedPort(scene) {
    const { url } = await scene.holding();
    await scene.untilTrue(
      'the port is open while changes run',
      async () => (await ask(`${url}/orders`, 'GET', 300)) !== 'refused',
    );
  },
  async heldRequests(scene) {
    const { url } = await scene.holding();
    // One that is held would be silent for as long as the change runs.
    assert.notEqual(await ask(`${url}/orders`, 'GET', 10_000), 'silent', 'a request is held');
  },
  async gate(scene) {
    const { url } = await scene.holding();
    const answer = await ask(`${url}/health/live`, 'GET', 300);
    assert.equal(typeof answer, 'string', 'it answers while changes run');
  },
  async closing() {
    return Promise.resolve();
  },
};
