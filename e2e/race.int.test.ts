import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CLAIMS } from '../tools/race/claims.mjs';
import { runRace, type HeatFacts, type HeatName } from '../tools/race/race.mjs';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { Sandbox } from './harness/sandbox.mjs';

const HEATS = [
  ['five changes pending', 'pending'],
  ['nothing pending', 'idle'],
  ['one change that holds until all wait, and then fails', 'refused'],
] as const satisfies readonly [string, HeatName][];

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('Eight processes of the sample that start at once on PostgreSQL', () => {
  let sandbox: Sandbox;
  let server: Postgres;
  let heats: readonly HeatFacts[];

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    server = await startPostgres();
    heats = await runRace(sandbox, server, 8);
  }, 180_000);
  afterAll(async () => {
    await sandbox.close();
    await server.stop();
  });

  it.each(
    HEATS.flatMap(([words, heat]) => CLAIMS[heat].map((claim) => [words, claim.text, heat, claim] as const)),
  )('with %s: %s', (_, __, heat, { holds }) => {
    const facts = heats.find((candidate) => candidate.heat === heat);
    expect(facts !== undefined && holds(facts) ? 'met' : facts).toBe('met');
  });
});
