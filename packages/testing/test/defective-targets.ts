import { hasCode, type BoundClients, type TransactionOutcome } from '@flamingock/core/spi';
import { defectiveFences } from './defective-fences.js';
import { type DefectiveTarget, lying, meddling, misreporting, misunderstanding } from './lying-target.js';
import { SimulatedClient, transactionOf } from './simulated-target.js';

const TRANSACTIONS: readonly DefectiveTarget[] = [
  {
    what: 'rolls back what it says is committed',
    caughtBy: [
      'a change that succeeds is committed, and the fence with it',
      'a start applies what is pending, and nothing a second time',
    ],
    make: lying((honest) => ({
      async run(request) {
        const rollBack = new Error('rolled back');
        const outcome = await honest.run({ ...request, beforeCommit: () => Promise.reject(rollBack) });
        return 'error' in outcome && outcome.error === rollBack ? { status: 'committed' } : outcome;
      },
    })),
  },
  {
    what: 'sends the last statements after the commit',
    caughtBy: ['the last statements come after the change, and what they throw rolls it back'],
    make: lying((honest) => ({
      async run(request) {
        const outcome = await honest.run({ ...request, beforeCommit: () => Promise.resolve() });
        if (outcome.status !== 'committed') return outcome;
        return Promise.resolve(request.beforeCommit?.({})).then(
          () => outcome,
          (error: unknown) => ({ status: 'rolled-back', error }),
        );
      },
    })),
  },
  {
    what: 'sends the last statements whatever has happened',
    caughtBy: ['after a change that failed the last statements are not sent'],
    make: meddling(async (clients, request) => {
      await request.work(clients).finally(() => request.beforeCommit?.({}));
    }),
  },
  {
    what: 'has one transaction for all changes',
    caughtBy: ['two changes at once on one target are not mixed up'],
    make: lying((honest) => {
      let open: BoundClients | undefined;
      return {
        async run(request) {
          if (open !== undefined) {
            const failure = await request.work(open).then(
              () => undefined,
              (error: unknown): TransactionOutcome => ({ status: 'rolled-back', error }),
            );
            return failure ?? { status: 'committed' };
          }
          return honest
            .run({
              ...request,
              work(clients) {
                open = clients;
                return request.work(clients);
              },
            })
            .finally(() => {
              open = undefined;
            });
        },
      };
    }),
  },
  {
    what: 'does not see that a statement has failed',
    caughtBy: ['a change that swallows a failed statement is rolled back'],
    make: meddling(async (clients, request) => {
      await request.work(clients);
      transactionOf(clients).aborted = false;
    }),
  },
  {
    what: 'wraps the errors of changes',
    caughtBy: ['a change that lets the error of a statement pass is rolled back with it'],
    make: misreporting((outcome) =>
      'error' in outcome ? { ...outcome, error: new Error('failed', { cause: outcome.error }) } : outcome,
    ),
  },
  {
    what: 'fails a change for every statement that has failed',
    caughtBy: ['a change may go back to its own savepoint after a failed statement'],
    make: meddling(async (clients, request) => {
      await request.work(clients);
      const transaction = transactionOf(clients);
      transaction.aborted ||= transaction.failures > 0;
    }),
  },
  {
    what: 'takes any savepoint for a healed transaction',
    caughtBy: ['a savepoint that was set after the failed statement heals nothing'],
    make: meddling(async (clients, request) => {
      const transaction = transactionOf(clients);
      const recover = transaction.recover.bind(transaction);
      transaction.recover = (work) => {
        transaction.aborted = false;
        return recover(work);
      };
      await request.work(clients);
    }),
  },
  {
    what: 'takes a transaction that has ended for a success',
    caughtBy: [
      'a change that sends COMMIT by itself is broken, and writes nothing more',
      'a change that sends ROLLBACK by itself is broken, and writes nothing more',
    ],
    make: misreporting((outcome) => (outcome.status === 'broken' ? { status: 'committed' } : outcome)),
  },
  {
    what: 'takes a transaction that has ended for a roll-back',
    caughtBy: [
      'a change that sends COMMIT by itself and then throws is broken',
      'a change that sends ROLLBACK by itself and then throws is broken',
    ],
    make: misreporting((outcome) =>
      outcome.status === 'broken' ? { ...outcome, status: 'rolled-back' } : outcome,
    ),
  },
  {
    what: 'takes a commit without a reply for a roll-back',
    caughtBy: ['a commit whose reply is lost is settled by claiming again on another connection'],
    make: misreporting((outcome) =>
      outcome.status === 'unknown' ? { ...outcome, status: 'rolled-back' } : outcome,
    ),
  },
  {
    what: 'repeats a change whose error looks like its own',
    caughtBy: ['an error of the change is its own, whatever it looks like'],
    make: lying((honest) => ({
      async run(request) {
        const outcome = await honest.run(request);
        const code = 'error' in outcome ? (outcome.error as { readonly code?: unknown }).code : undefined;
        return code === '40001' ? honest.run(request) : outcome;
      },
    })),
  },
];

const CLIENTS: readonly DefectiveTarget[] = [
  {
    what: 'says of every client that it has a bound form',
    caughtBy: [
      'the client has a bound form for transactions and a plain one outside of them',
      'a client without a bound form is for changes outside of transactions alone',
      'a change that asks for a client without a bound form is refused, unless it says transactional: false',
    ],
    make: lying(() => ({ binds: () => true })),
  },
  {
    what: 'gives a change the plain client',
    caughtBy: ['what a change writes is seen by nobody else before the commit'],
    make: meddling((_clients, request, target) => request.work({ client: (token) => target.client(token) })),
  },
  {
    what: 'lets a change write after its end',
    caughtBy: ['a client of a transaction that has ended writes nothing more'],
    make: meddling(async (clients, request, target) => {
      const transaction = transactionOf(clients);
      const write = transaction.write.bind(transaction);
      const plain = target.client(SimulatedClient) as SimulatedClient;
      transaction.write = (value) => (transaction.isOpen ? write(value) : plain.write(value));
      await request.work(clients);
    }),
  },
];

const LIVENESS: readonly DefectiveTarget[] = [
  {
    what: 'does not keep shared transactions apart',
    caughtBy: ['of the shared transactions of one ledger one is open at a time'],
    make: misunderstanding((request) => {
      const { shared: _shared, ...rest } = request;
      return rest;
    }),
  },
  {
    what: 'keeps all shared transactions apart',
    caughtBy: ['the shared transactions of two ledgers do not keep each other waiting'],
    make: misunderstanding((request) => ({ ...request, key: { ...request.key, tenant: '' } })),
  },
  {
    what: 'gives up where a shared transaction was left behind',
    caughtBy: ['a shared transaction that has kept the next one waiting for long enough is ended'],
    make: lying((honest) => ({
      run: (request) =>
        honest.run(request).catch((error: unknown): TransactionOutcome => {
          if (!hasCode(error, 'FLG_STORE_BUSY')) throw error;
          return { status: 'rolled-back', error };
        }),
    })),
  },
  {
    what: 'has one writer at a time',
    caughtBy: ['the transaction of one change does not keep another one waiting'],
    make: lying((honest, { server }) => ({
      async run(request) {
        const turn = server.begin(60_000);
        await server.lock(turn, 'the writer', 60_000);
        return honest.run(request).finally(() => {
          turn.rollback();
        });
      },
    })),
  },
  {
    what: 'does not keep a change alive',
    caughtBy: ['a change that computes for longer than the time-out keeps its transaction'],
    make: lying((honest, pool) => {
      pool.keepsAlive = false;
      return { run: (request) => honest.run(request) };
    }),
  },
  {
    what: 'has no time-out for a process that is stopped',
    caughtBy: ['the transaction of a process that is stopped is ended, and leaves nothing'],
    make: misunderstanding((request) => ({ ...request, idleTimeoutMs: 60_000 })),
  },
  {
    what: 'does not say that it has time-outs',
    caughtBy: [
      'a statement that is held up is ended after the lockTimeoutMs of its change',
      'a statement that is held up is ended after the statementTimeoutMs of its change',
    ],
    make: lying(() => ({ timeouts: false })),
  },
];

/** Targets that break one promise each. */
export const defectiveTargets: readonly DefectiveTarget[] = [
  ...defectiveFences,
  ...TRANSACTIONS,
  ...CLIENTS,
  ...LIVENESS,
];
