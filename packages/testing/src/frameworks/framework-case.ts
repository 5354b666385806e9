import type { ContractCase } from '../contract-case.js';
import type { FrameworkAbility } from './abilities.js';
import type { FrameworkHarness } from './harness.js';
import { FrameworkScene } from './scene.js';
import { UNCLAIMED } from './unclaimed.js';

/** What a case needs. */
interface Needs {
  readonly abilities?: readonly FrameworkAbility[];
  readonly countsStatements?: boolean;
}

/** A case with a deployment of its own; of a framework without one of the abilities the opposite must be true. */
export function frameworkCase(
  name: string,
  check: (scene: FrameworkScene) => Promise<void>,
  { abilities = [], countsStatements = false }: Needs = {},
): ContractCase<FrameworkHarness> {
  return {
    name,
    needs: abilities,
    async run(harness) {
      const lacking = abilities.find((ability) => harness.lacks?.[ability] !== undefined);
      const deployment = await harness.deployment({ countsStatements });
      try {
        await (lacking === undefined ? check : UNCLAIMED[lacking])(new FrameworkScene(harness, deployment));
      } finally {
        await deployment.close();
      }
    },
  };
}
