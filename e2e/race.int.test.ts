import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CLAIMS } from '../tools/race/claims.mjs';
import { runRace, type HeatFacts, type HeatName } from '../tools/race/race.mjs';
import { STORES, type RaceStore } from '../tools/race/stores.mjs';
import { describeWith } from '../tools/services/describe-with.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const HEATS = [
  ['five changes pending', 'pending'],
  ['nothing pending', 'idle'],
  ['one change that holds until all wait, and then fails', 'refused'],
] as const satisfies readonly [string, HeatName][];

/** Eight on one of them; of the others, whose heats are the same, as many as show who waits for whom. */
const STARTS: readonly (readonly [RaceStore, number])[] = [
  [STORES.postgres, 8],
  [STORES.mariadb, 4],
  [STORES.mongodb, 4],
  [STORES.sqlite, 4],
];

for (const [store, processes] of STARTS) {
  const describeWithServer = await describeWith(...store.services);

  describeWithServer(`${processes} processes that start at once on ${store.title}`, () => {
    let sandbox: Sandbox;
    let server: Awaited<ReturnType<RaceStore['start']>>;
    let heats: readonly HeatFacts[];

    beforeAll(async () => {
      sandbox = await Sandbox.open();
      server = await store.start();
      heats = await runRace(sandbox, store, server, processes);
    }, 180_000);
    afterAll(async () => {
      await sandbox.close();
      await server.stop();
    });

    it.each(
      HEATS.flatMap(([words, heat]) =>
        CLAIMS[heat].map((claim) => [words, claim.text, heat, claim] as const),
      ),
    )('with %s: %s', (_, __, heat, { holds }) => {
      const facts = heats.find((candidate) => candidate.heat === heat);
      expect(facts !== undefined && holds(facts) ? 'met' : facts).toBe('met');
    });
  });
}
