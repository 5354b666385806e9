import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../test/change-of.js';
import { asking, instance, storyOf } from '../../test/instance.js';
import type { Change, Verdict } from '../change/change.js';
import { NotApplied } from '../change/not-applied.js';
import { MemoryDatabase } from '../memory/memory-database.js';
import { memoryAuditStore } from '../memory/memory-store.js';
import { memoryTarget } from '../memory/memory-target.js';
import type { Evidence, Target } from '../target/target.js';
import { resolveIssue } from './resolve.js';
import { failing, never, plainChange, plainTarget, verifying } from '../../test/faults.js';

describe('a transactional change that ended its transaction by itself', () => {
  const broken = (
    verdict: Verdict,
    error?: Error,
  ): Promise<{ story: readonly string[]; ledger: MemoryDatabase }> =>
    run(changeOf('_0001__a', { targetSystem: 'db', ...verifying(() => verdict) }), error);

  async function run(
    change: Change,
    error = new Error('COMMIT inside'),
  ): Promise<{ story: readonly string[]; ledger: MemoryDatabase }> {
    const ledger = new MemoryDatabase();
    const real = memoryTarget();
    if (real.transactions === undefined) throw new TypeError('no transactions');
    let first = true;
    const db: Target = {
      ...real,
      transactions: {
        ...real.transactions,
        run: (request) => {
          if (!first) return real.transactions?.run(request) ?? never;
          first = false;
          return Promise.resolve({ status: 'broken', error });
        },
      },
    };
    await instance({ store: memoryAuditStore(ledger), targets: { db }, changes: [change] })
      .start()
      .catch(() => undefined);
    return { story: await storyOf(ledger), ledger };
  }

  test.each<[Verdict, string]>([
    ['APPLIED', 'a:APPLIED:verify'],
    ['NOT_APPLIED', 'a:FAILED:verify'],
    ['UNKNOWN', 'a:FAILED:none'],
  ])('is what its verify finds: %s', async (verdict, outcome) => {
    expect((await broken(verdict)).story).toEqual(['a:STARTED:none', outcome]);
  });

  test('is not proven to have failed while its last statement may still be executed', async () => {
    const { story } = await broken(
      'NOT_APPLIED',
      new Error('Connection lost: The server closed the connection.'),
    );
    expect(story).toEqual(['a:STARTED:none', 'a:FAILED:none']);
  });

  test('and was found applied, does not make its target look older than the ledger', async () => {
    const { ledger } = await broken('APPLIED');
    const next = changeOf('_0002__b', { targetSystem: 'db' });
    const one = instance({
      store: memoryAuditStore(ledger),
      targets: { db: memoryTarget() },
      changes: [changeOf('_0001__a', { targetSystem: 'db' }), next],
    });
    await expect(one.start()).resolves.toMatchObject({ applied: [{ id: 'b' }] });
  });
});

/** Answers one after the other. */
function verdicts(...answers: Verdict[]): () => Verdict {
  return () => answers.shift() ?? 'UNKNOWN';
}

test('what a constructor sends is observed as a part of its change', async () => {
  const observed: string[] = [];
  const plain = plainTarget([]);
  const api: Target = {
    ...plain,
    evidence: {
      observe: async (attempt) => {
        observed.push('begin');
        await attempt();
        observed.push('end');
        return { outcome: 'returned' };
      },
    },
  };
  const construction = {
    parameters: [],
    construct: () => {
      observed.push('constructed');
      return {};
    },
  };
  const change = plainChange(() => observed.push('applied'), { construction });
  await instance({ store: memoryAuditStore(), targets: { api }, changes: [change] }).start();
  expect(observed).toEqual(['begin', 'constructed', 'applied', 'end']);
});

describe('the failure of a change without a transaction', () => {
  const fail = async (
    change: Change,
    evidence?: Evidence,
  ): Promise<{ code: unknown; story: readonly string[] }> => {
    const ledger = new MemoryDatabase();
    const target = plainTarget([], evidence && (() => evidence));
    const error: unknown = await instance({
      store: memoryAuditStore(ledger),
      targets: { api: target },
      changes: [change],
    })
      .start()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    return { code: (error as { code?: string } | undefined)?.code, story: (await storyOf(ledger)).slice(1) };
  };
  const rollback = asking([], () => undefined);

  test.each<[string, Change, Evidence | undefined, string | undefined, string]>([
    [
      'the change says itself that it had no effect',
      plainChange(() => {
        throw new NotApplied(new Error('precondition'));
      }),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:FAILED:rejected',
    ],
    [
      'nothing was sent',
      plainChange(failing),
      { proof: 'not-sent', settled: true },
      'FLG_CHANGE_FAILED',
      'a:FAILED:not-sent',
    ],
    [
      'the target refused it',
      plainChange(failing),
      { proof: 'rejected', settled: true },
      'FLG_CHANGE_FAILED',
      'a:FAILED:rejected',
    ],
    [
      'verify finds nothing of it',
      plainChange(
        failing,
        verifying(() => 'NOT_APPLIED'),
      ),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:FAILED:verify',
    ],
    [
      'verify finds it applied',
      plainChange(
        failing,
        verifying(() => 'APPLIED'),
      ),
      undefined,
      undefined,
      'a:APPLIED:verify',
    ],
    [
      'verify cannot tell',
      plainChange(
        failing,
        verifying(() => 'UNKNOWN'),
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'verify throws',
      plainChange(
        failing,
        verifying(() => {
          throw new Error('down');
        }),
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'its rollback succeeds',
      plainChange(failing, { rollback }),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:ROLLED_BACK:rollback',
    ],
    [
      'its rollback fails',
      plainChange(failing, {
        rollback: asking([], () => {
          throw new Error('no way back');
        }),
      }),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:ROLLBACK_FAILED:none',
    ],
    [
      'a sent request has no answer, so a rollback would prove nothing',
      plainChange(failing, { rollback }),
      { proof: 'none', settled: false },
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'it timed out, so a rollback would prove nothing',
      plainChange(
        () => {
          throw new DOMException('late', 'TimeoutError');
        },
        { rollback },
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'a request that may still be executed, so that verify came too early to tell',
      plainChange(
        failing,
        verifying(() => 'NOT_APPLIED'),
      ),
      { proof: 'none', settled: false },
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'several time-outs in one error, so a rollback would prove nothing',
      plainChange(
        () => {
          throw new AggregateError([new Error('x'), new DOMException('late', 'TimeoutError')]);
        },
        { rollback },
      ),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    [
      'its rollback times out, so verify came too early to tell',
      plainChange(failing, {
        rollback: asking([], () => {
          throw new DOMException('late', 'TimeoutError');
        }),
        ...verifying(verdicts('UNKNOWN', 'NOT_APPLIED')),
      }),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:ROLLBACK_FAILED:none',
    ],
    [
      'what it throws cannot be read',
      plainChange(() => {
        throw new Proxy(new Error(), {
          get: () => {
            throw new Error('trap');
          },
        });
      }),
      undefined,
      'FLG_ISSUE_OPEN',
      'a:FAILED:none',
    ],
    ['nothing proves it', plainChange(failing), undefined, 'FLG_ISSUE_OPEN', 'a:FAILED:none'],
    [
      'nothing proves it, and it may be repeated',
      plainChange(failing, { recovery: 'ALWAYS_RETRY' }),
      undefined,
      'FLG_CHANGE_FAILED',
      'a:FAILED:none',
    ],
  ])('%s', async (_when, change, evidence, code, outcome) => {
    expect(await fail(change, evidence)).toEqual({ code, story: [outcome] });
  });
});

describe('the rollback of a failed change is watched by the target, as the change itself', () => {
  const UNPROVEN: Evidence = { proof: 'none', settled: true };

  async function lastAfter(ofRollback: Evidence, answer: Verdict): Promise<string | undefined> {
    const ledger = new MemoryDatabase();
    const seen = [UNPROVEN, ofRollback];
    const change = plainChange(failing, {
      rollback: asking([], () => {
        throw new Error('no way back');
      }),
      ...verifying(verdicts('UNKNOWN', answer)),
    });
    const target = plainTarget([], () => seen.shift() ?? UNPROVEN);
    await instance({ store: memoryAuditStore(ledger), targets: { api: target }, changes: [change] })
      .start()
      .catch(() => undefined);
    expect(seen).toEqual([]);
    return (await storyOf(ledger)).at(-1);
  }

  test.each<[string, Evidence, Verdict, string]>([
    ['answered, and verify finds nothing', UNPROVEN, 'NOT_APPLIED', 'a:ROLLED_BACK:verify'],
    [
      'still under way, so that verify came too early to tell',
      { proof: 'none', settled: false },
      'NOT_APPLIED',
      'a:ROLLBACK_FAILED:none',
    ],
    [
      'rejected, which proves nothing of what the change has done',
      { proof: 'rejected', settled: true },
      'UNKNOWN',
      'a:ROLLBACK_FAILED:none',
    ],
  ])('%s', async (_what, ofRollback, answer, expected) => {
    expect(await lastAfter(ofRollback, answer)).toBe(expected);
  });
});

test('a change whose constructor throws was never started, and leaves no issue', async () => {
  const ledger = new MemoryDatabase();
  const construct = (): never => {
    throw new Error('no configuration');
  };
  const change = plainChange(failing, { construction: { parameters: [], construct } });
  const one = instance({
    store: memoryAuditStore(ledger),
    targets: { api: plainTarget([]) },
    changes: [change],
  });
  await expect(one.start()).rejects.toMatchObject({
    code: 'FLG_CHANGE_INVALID',
    message: expect.stringContaining('no configuration'),
  });
  expect(await storyOf(ledger)).toEqual([]);
});

describe("a person's word on an issue", () => {
  const issue = async (): Promise<{
    ledger: MemoryDatabase;
    effects: string[];
    changes: readonly Change[];
  }> => {
    const ledger = new MemoryDatabase();
    const effects: string[] = [];
    let broken = true;
    const changes = [
      plainChange((done) => {
        done.push('a');
        if (broken) {
          broken = false;
          throw new Error('who knows');
        }
      }),
    ];
    await instance({ store: memoryAuditStore(ledger), targets: { api: plainTarget(effects) }, changes })
      .start()
      .catch(() => undefined);
    return { ledger, effects, changes };
  };

  test.each([
    ['APPLIED', ['a'], 'a:MANUALLY_APPLIED:person'],
    ['ROLLED_BACK', ['a', 'a'], 'a:MANUALLY_ROLLED_BACK:person'],
  ] as const)('%s', async (as, expected, entry) => {
    const { ledger, effects, changes } = await issue();
    const parts = { store: memoryAuditStore(ledger), targets: { api: plainTarget(effects) }, changes };
    const { engine } = instance(parts);
    const assigned = changes.map((change) => ({ ...change, targetSystem: 'api', runsHere: true }));
    await resolveIssue(engine, assigned, 'a', { as, actor: 'ops', reason: 'looked' });
    expect((await storyOf(ledger)).at(-1)).toBe(entry);
    await instance(parts).start();
    expect(effects).toEqual(expected);
    await expect(
      resolveIssue(engine, assigned, 'a', { as, actor: 'ops', reason: 'again' }),
    ).rejects.toMatchObject({ code: 'FLG_RESOLUTION_REFUSED' });
  });

  test('needs a name and a reason', async () => {
    const { ledger, changes } = await issue();
    const { engine } = instance({
      store: memoryAuditStore(ledger),
      targets: { api: plainTarget([]) },
      changes,
    });
    await expect(
      resolveIssue(engine, [], 'a', { as: 'APPLIED', actor: ' ', reason: '' }),
    ).rejects.toMatchObject({ code: 'FLG_OPTION_INVALID', message: expect.stringMatching(/actor.*reason/) });
  });
});
