import { createFlamingock, defineChange, type ChangeEntry, type Flamingock } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { crashMatrix } from '../tools/crash/matrix.mjs';
import { effectsTable, type Pair, type StoreKind } from '../tools/crash/pairs.mjs';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres } from '../tools/services/postgres.mjs';
import { openSystems } from './fixtures/crash/systems.mjs';
import { CrashSystems, type Trial } from './harness/crash/systems.mjs';

/** Long enough for a machine that does other things as well, in milliseconds. */
const PATIENCE = 180_000;

const STORES = ['sqlite', 'postgres'] as const;

/** The ways that a change goes, and the proof that its undo has then. */
const WAYS = [
  { way: 'TX_SHARED', verified: false, proof: 'transaction' },
  { way: 'TX_SEPARATE', verified: false, proof: 'transaction' },
  { way: 'NON_TX', verified: false, proof: 'rollback' },
  { way: 'NON_TX', verified: true, proof: 'rollback' },
] as const;

type Way = (typeof WAYS)[number];

const JANE = { actor: 'jane', reason: 'the release was wrong' };

function pairOf(store: (typeof STORES)[number], { way }: Way): Pair {
  const target = { TX_SHARED: 'shared', TX_SEPARATE: store, NON_TX: 'plain' } as const;
  return { store, target: target[way], work: 'undo' };
}

const describeWithPostgres = await describeWith(postgres);

describeWithPostgres('An undo', () => {
  let systems: CrashSystems;
  beforeAll(async () => {
    systems = await CrashSystems.open(STORES.map((store) => ({ store, target: 'shared', work: 'undo' })));
  });
  afterAll(() => systems.close());

  const cases = STORES.flatMap((store) => WAYS.map((way) => ({ store, ...way })));

  describe.each(cases)('on $store, $way, with a verify: $verified', ({ store, ...way }) => {
    let trial: Trial;
    let opened: Awaited<ReturnType<typeof openSystems>>;
    /** How the rollback of the second change fails, if it does. */
    let failure: Error | undefined;
    let engine: Flamingock;
    beforeEach(async () => {
      failure = undefined;
      trial = await systems.prepare(pairOf(store, way));
      opened = await openSystems(trial);
      engine = createFlamingock({
        service: 'orders',
        environment: 'test',
        auditStore: opened.auditStore,
        targets: { system: opened.target },
        changes: ['first', 'second'].map((id, index) => change(id, index + 1)),
        logger: false,
      });
      await engine.run();
    });
    afterEach(() => opened.close());

    function change(id: string, order: number): ReturnType<typeof defineChange> {
      const table = effectsTable(trial);
      return defineChange({
        id,
        order,
        name: id,
        targetSystem: 'system',
        ...(way.way === 'NON_TX' ? { transactional: false } : {}),
        inject: { sql: SqlExecutor },
        apply: ({ sql }) => sql.execute(`INSERT INTO ${table} (name, complete) VALUES ('${id}', true)`),
        async rollback({ sql }) {
          if (way.way === 'NON_TX' && id === 'second' && failure !== undefined) throw failure;
          await sql.execute(`DELETE FROM ${table} WHERE name = '${id}'`);
          if (id === 'second' && failure !== undefined) throw failure;
        },
        ...(way.verified
          ? {
              verify: async ({ sql }: { sql: SqlExecutor }) =>
                (await sql.query(`SELECT name FROM ${table} WHERE name = '${id}'`)).length > 0
                  ? ('APPLIED' as const)
                  : ('NOT_APPLIED' as const),
            }
          : {}),
      });
    }

    const held = async (): Promise<readonly string[]> =>
      (await systems.effects(trial)).map(({ name }) => name);

    /** What the ledger says of undoing. */
    async function undos(): Promise<readonly string[]> {
      const { chain, entries } = await engine.history();
      expect(chain).toMatchObject({ intact: true });
      return entries
        .filter((entry): entry is ChangeEntry => entry.kind === 'undo')
        .map(({ changeId, state, proof, actor }) => `${changeId} ${state} ${proof} by ${actor ?? '?'}`);
    }

    it('takes changes back, last first, holds them, and lets them be applied again by command', async () => {
      await expect(engine.undo({ downTo: 'first', ...JANE })).resolves.toMatchObject({
        undone: [
          { id: 'second', proof: way.proof },
          { id: 'first', proof: way.proof },
        ],
      });
      expect(await held()).toEqual([]);
      expect(await undos()).toEqual(
        ['second', 'first'].flatMap((id) => [
          `${id} STARTED none by jane`,
          `${id} UNDONE ${way.proof} by jane`,
        ]),
      );

      await expect(engine.run()).rejects.toMatchObject({ code: 'FLG_SEVERAL_PROBLEMS' });
      expect(await held()).toEqual([]);
      await engine.run({ by: 'cli' });
      expect(await held()).toEqual(['first', 'second']);
    });

    it('that fails says what is there, and takes back nothing below it', async () => {
      failure = new Error('it cannot be taken back');
      const proven = way.way !== 'NON_TX' || way.verified;
      await expect(engine.undo({ downTo: 'first', ...JANE })).rejects.toMatchObject({
        code: proven ? 'FLG_UNDO_FAILED' : 'FLG_ISSUE_OPEN',
      });
      expect(await held()).toEqual(['first', 'second']);
      const outcome = { TX_SHARED: 'transaction', TX_SEPARATE: 'transaction', NON_TX: 'verify' }[way.way];
      expect(await undos()).toEqual([
        'second STARTED none by jane',
        proven ? `second APPLIED ${outcome} by jane` : 'second FAILED none by jane',
      ]);

      failure = undefined;
      if (!proven) await engine.resolve('second', { as: 'APPLIED', ...JANE });
      await expect(engine.run()).resolves.toMatchObject({ outcome: 'up-to-date' });
      await engine.undo({ last: true, ...JANE });
      expect(await held()).toEqual(['first']);
    });
  });
});

describeWithPostgres('An undo whose process is killed inside its open transaction', () => {
  it.each<[StoreKind, 'shared' | StoreKind]>([
    ['sqlite', 'shared'],
    ['postgres', 'shared'],
    ['sqlite', 'sqlite'],
    ['postgres', 'postgres'],
  ])(
    'has taken nothing back, and doing it again does: %s, %s',
    async (store, target) => {
      const pairs = [{ store, target, work: 'undo' } as const];
      const which = (point: string): boolean => /^undo-fifth\.(insert|update) 1 after$/.test(point);
      const trials = (await crashMatrix({ pairs, which })).flatMap((result) => result.trials);
      const proof = target === 'shared' ? 'transaction' : 'fence';
      expect(trials).toHaveLength(2);
      for (const { result, why, ledger } of trials) {
        expect({ result, why }).toEqual({ result: 'healed', why: '' });
        const ofTheFifth = ledger.filter((entry) => entry.startsWith('fifth'));
        expect(ofTheFifth.slice(target === 'shared' ? 1 : 2)).toEqual([
          'fifth STARTED none',
          `fifth APPLIED ${proof}`,
          'fifth STARTED none',
          'fifth UNDONE transaction',
        ]);
      }
    },
    PATIENCE,
  );
});
