import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-case.js';
import { provided } from '../provided.js';
import { same } from '../same.js';
import type { TargetAbility } from './abilities.js';
import type { TargetDatabase, TargetHarness, TargetStatements } from './harness.js';
import { overlapping, overtaken, stopped } from './slow-processes.js';
import { transactionsOf } from './target-actions.js';

/** A case with a database of its own. */
export function targetCase(
  name: string,
  check: (database: TargetDatabase) => Promise<void>,
): ContractCase<TargetHarness> {
  return targetCaseWith([], name, check);
}

/** A case for targets with some abilities; of a target without one of them the opposite must be true. */
export function targetCaseWith(
  needs: readonly TargetAbility[],
  name: string,
  check: (database: TargetDatabase, harness: TargetHarness) => Promise<void>,
): ContractCase<TargetHarness> {
  return {
    name,
    needs,
    async run(harness) {
      const lacking = needs.find((ability) => harness.lacks?.[ability] !== undefined);
      const database = await harness.database();
      try {
        await (lacking === undefined ? check : UNCLAIMED[lacking])(database, harness);
      } finally {
        await database.close();
      }
    },
  };
}

/** A case for targets whose changes send statements. */
export function statementCase(
  name: string,
  check: (database: TargetDatabase, statements: TargetStatements) => Promise<void>,
): ContractCase<TargetHarness> {
  return targetCaseWith(['statements'], name, (database) =>
    check(database, provided('statements', database.statements)),
  );
}

/** A case for targets whose changes send statements and may undo them one by one. */
export function savepointCase(
  name: string,
  check: (database: TargetDatabase, statements: Required<TargetStatements>) => Promise<void>,
): ContractCase<TargetHarness> {
  return targetCaseWith(['statements', 'savepoints'], name, (database) => {
    const statements = provided('statements', database.statements);
    return check(database, {
      ...statements,
      recover: (clients, work) => provided('savepoints', statements.recover?.(clients, work)),
    });
  });
}

/** What must be true of a target without an ability. */
const UNCLAIMED: Readonly<Record<TargetAbility, (database: TargetDatabase) => Promise<void>>> = {
  async statements(database) {
    assert.equal(database.statements, undefined);
  },
  async sharedTransactions(database) {
    assert.equal(transactionsOf(await database.target()).implicitCommits, true);
  },
  async savepoints(database) {
    assert.ok(database.statements === undefined || !('recover' in database.statements));
  },
  async concurrentTransactions(database) {
    assert.equal(await overlapping(database), false);
  },
  async idleTimeout(database) {
    same([(await stopped(database)).status, await database.rawValues()], ['committed', ['a', 'b']]);
  },
  async endsHolders(database) {
    same((await overtaken(database, 0)).outcome, { status: 'committed' });
  },
  async adoption(database) {
    assert.ok(!('adopt' in transactionsOf(await database.target())), 'it says that it can be adopted');
  },
  async timeouts(database) {
    assert.ok(transactionsOf(await database.target()).timeouts !== true, 'it says that it has time-outs');
  },
  async plainClients(database) {
    assert.equal(database.plainClient, undefined);
  },
  async lostReplies(database) {
    assert.equal(database.unreliable, undefined);
  },
  async permissions(database) {
    assert.equal(database.restricted, undefined);
  },
};
