import assert from 'node:assert/strict';
import {
  createFlamingock,
  defineChange,
  type DefinedChange,
  type Flamingock,
  memoryAuditStore,
} from '@flamingock/core';
import {
  type AuditStore,
  type BoundClients,
  type ErrorCode,
  type Target,
  type Token,
} from '@flamingock/core/spi';
import type { ContractCase } from '../contract-case.js';
import { assertCode, failureOf } from '../failure.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import type { TargetDatabase, TargetHarness } from './harness.js';
import { dyingBefore } from './dying-store.js';
import { KEY } from './target-actions.js';
import { targetCase, targetCaseWith } from './target-case.js';

/** What the engine makes of a target, with a ledger that lives elsewhere. */
export const engineCases: readonly ContractCase<TargetHarness>[] = [
  targetCase('a start applies what is pending, and nothing a second time', async (database) => {
    const ledger = memoryAuditStore();
    const db = await database.target();
    for (const values of [
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      await engine(
        ledger,
        { db },
        values.map((value) => writing(database, value)),
      ).run();
      same(await database.rawValues(), values);
    }
  }),

  targetCase('two target systems in one database are used by one start', async (database) => {
    const targets = { orders: await database.target(), stock: await database.target() };
    const changes = (['orders', 'stock', 'orders'] as const).map((targetSystem, index) =>
      writing(database, `${index}`, { targetSystem }),
    );
    const ledger = memoryAuditStore();
    for (const count of [2, 3]) {
      await engine(ledger, targets, changes.slice(0, count)).run();
      assert.equal((await database.rawValues()).length, count);
    }
  }),

  targetCase(
    'a process that dies between the commit and the ledger entry is healed by the next start',
    async (database) => {
      const ledger = memoryAuditStore();
      const db = await database.target();
      const changes = [writing(database, 'a')];
      await failureOf(engine(dyingBefore(ledger, 'APPLIED'), { db }, changes).run());
      same(await database.rawValues(), ['a'], 'it was committed');
      const { settled, applied } = await engine(ledger, { db: await database.target() }, changes).run();
      same([settled, applied], [['a'], []]);
      same(await database.rawValues(), ['a']);
    },
  ),

  targetCase('a process that dies after a change has failed leaves nothing to decide', async (database) => {
    const ledger = memoryAuditStore();
    const db = await database.target();
    const failing = writing(database, 'a', {}, () => Promise.reject(new Error('the change failed')));
    await failureOf(engine(dyingBefore(ledger, 'FAILED'), { db }, [failing]).run());
    const { applied } = await engine(ledger, { db }, [writing(database, 'a')]).run();
    same(
      applied.map(({ id }) => id),
      ['a'],
    );
    same(await database.rawValues(), ['a']);
  }),

  targetCaseWith(
    ['statements'],
    'a process that dies after its change has committed by itself leaves an issue to a person',
    async (database) => {
      const statements = provided('statements', database.statements);
      const ledger = memoryAuditStore();
      const db = await database.target();
      const half = writing(database, 'a', {}, (clients) => statements.end(clients, 'COMMIT'));
      await failureOf(engine(dyingBefore(ledger, 'FAILED'), { db }, [half]).run());
      await refused(engine(ledger, { db }, [half]), 'FLG_ISSUE_OPEN');
      same(await database.rawValues(), ['a'], 'it does not run again');
    },
  ),

  targetCaseWith(
    [],
    'a target that is older than its ledger is refused, and left as it is',
    async (database, harness) => {
      const ledger = memoryAuditStore();
      const changes = ['a', 'b'].map((value) => writing(database, value));
      await engine(ledger, { db: await database.target() }, changes.slice(0, 1)).run();
      const anew = await harness.database();
      try {
        await refused(engine(ledger, { db: await anew.target() }, changes), 'FLG_TARGET_BEHIND');
        same(await anew.rawValues(), []);
      } finally {
        await anew.close();
      }
      const fence = await database.rawFence(KEY);
      assert.ok(fence !== undefined);
      await database.restoreFence(KEY, { ...fence, begun: 0, applied: 0 });
      await refused(engine(ledger, { db: await database.target() }, changes), 'FLG_TARGET_BEHIND');
      same(await database.rawValues(), ['a']);
    },
  ),

  targetCase('a target that is ahead of its ledger is refused, and left as it is', async (database) => {
    const db = await database.target();
    const changes = ['a', 'b', 'c'].map((value) => writing(database, value));
    const kept = memoryAuditStore();
    for (const count of [1, 2]) await engine(kept, { db }, changes.slice(0, count)).run();
    await refused(engine(memoryAuditStore(), { db }, changes), 'FLG_TARGET_AHEAD');
    same(await database.rawValues(), ['a', 'b']);
  }),

  targetCase('a clone that starts in another environment is refused, and left as it is', async (database) => {
    const db = await database.target();
    const changes = ['a', 'b'].map((value) => writing(database, value));
    await engine(memoryAuditStore(), { db }, changes.slice(0, 1)).run();
    const before = await database.rawFence(KEY);
    await refused(engine(memoryAuditStore(), { db }, changes, 'staging'), 'FLG_TARGET_ENVIRONMENT');
    same(await database.rawValues(), ['a']);
    same(await database.rawFence(KEY), before);
  }),

  targetCaseWith(
    ['plainClients'],
    'a change that asks for a client without a bound form is refused, unless it says transactional: false',
    async (database) => {
      const db = await database.target();
      const plain = provided('plainClients', database.plainClient);
      let given: unknown;
      const asking = (transactional: boolean): DefinedChange =>
        defineChange({
          id: 'asks',
          name: '_1__asks',
          targetSystem: 'db',
          transactional,
          inject: { plain },
          apply(clients) {
            given = clients.plain;
          },
        });
      await refused(engine(memoryAuditStore(), { db }, [asking(true)]), 'FLG_DEPENDENCY_UNBOUND');
      assert.equal(given, undefined);
      await engine(memoryAuditStore(), { db }, [asking(false)]).run();
      assert.equal(given, db.client(plain));
    },
  ),
];

function engine(
  auditStore: AuditStore,
  targets: Readonly<Record<string, Target>>,
  changes: readonly DefinedChange[],
  environment = KEY.environment,
): Flamingock {
  return createFlamingock({ ...KEY, environment, auditStore, targets, changes, logger: false });
}

/** A change that writes one value, after which its order is named. */
function writing(
  database: TargetDatabase,
  value: string,
  { targetSystem = 'db' }: { readonly targetSystem?: string } = {},
  then: (clients: BoundClients) => Promise<void> = () => Promise.resolve(),
): DefinedChange {
  const inject: Readonly<Record<'client', Token>> = { client: database.client };
  return defineChange({
    id: value,
    name: `_${value.charCodeAt(0)}__writes`,
    targetSystem,
    // Also where statements may commit by themselves, so that it has to be said.
    transactional: true,
    inject,
    async apply({ client }) {
      const clients: BoundClients = { client: () => client };
      await database.write(clients, value);
      await then(clients);
    },
  });
}

async function refused(flamingock: Flamingock, code: ErrorCode): Promise<void> {
  assertCode(await failureOf(flamingock.run()), code);
}
