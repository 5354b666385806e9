import { hasCode, isFlamingockError } from '@flamingock/core/spi';
import { type DefectiveTarget, lying, meddling, misunderstanding, overwriteFence } from './lying-target.js';
import { fenceId, transactionOf } from './simulated-target.js';

const ADOPTED = ['claimed', 'superseded', 'foreign'] as const;

const KEY = { service: 'orders', environment: 'production', tenant: '' };

/** Targets that break one promise of the fence each. */
export const defectiveFences: readonly DefectiveTarget[] = [
  {
    what: 'claims without writing anything',
    caughtBy: ['the first claim finds that nothing was applied'],
    make: lying(() => ({ claim: async () => ({ status: 'claimed', applied: 0, begun: 0 }) })),
  },
  {
    what: 'claims a fence that it is only to show',
    caughtBy: ['its fence is shown as it stands, and looking at it claims and creates nothing'],
    make: lying((honest, pool) => ({
      async fence(key) {
        await honest.claim(key, 0);
        return pool.server.fences.get(fenceId(key));
      },
    })),
  },
  {
    what: 'forgets with a claim what was applied',
    caughtBy: ['a claim finds what was applied last, and keeps it'],
    make: lying((honest, pool) => ({
      async claim(key, token) {
        const answer = await honest.claim(key, token);
        overwriteFence(pool, key, () => ({ applied: 0, begun: 0 }));
        return answer;
      },
    })),
  },
  {
    what: 'begins anew for whoever claims it',
    caughtBy: [
      'a run that is older than the last claim is superseded',
      'a target that is ahead of its ledger is refused, and left as it is',
    ],
    make: lying((honest, pool) => ({
      async claim(key, token) {
        pool.server.fences.delete(fenceId(key));
        return honest.claim(key, token);
      },
    })),
  },
  {
    what: 'changes its environment for whoever claims it',
    caughtBy: [
      'a target of another environment of the service is refused and left as it is',
      'a clone that starts in another environment is refused, and left as it is',
    ],
    make: lying((honest, pool) => ({
      async claim(key, token) {
        overwriteFence(pool, key, () => ({ environment: key.environment }));
        return honest.claim(key, token);
      },
    })),
  },
  {
    what: 'claims whatever is expected of it',
    caughtBy: ['a claim that expects more than the fence shows is refused and left as it is'],
    make: lying((honest) => ({ claim: (key, token) => honest.claim(key, token) })),
  },
  {
    what: 'has one fence for all tenants',
    caughtBy: ['each service and tenant has a fence of its own'],
    make: lying((honest) => ({ claim: (key, token) => honest.claim({ ...key, tenant: '' }, token) })),
  },
  {
    what: 'looks before it claims',
    caughtBy: ['of two runs that claim at once the later one holds the fence'],
    make: lying((_honest, { server }) => ({
      async claim(key, token) {
        const { environment } = key;
        const fence = server.fences.get(fenceId(key)) ?? { environment, claimed: 0, begun: 0, applied: 0 };
        if (fence.claimed > token) return { status: 'superseded', claimed: fence.claimed };
        // The run that is older takes longer.
        if (token % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        server.fences.set(fenceId(key), { ...fence, claimed: token });
        return { status: 'claimed', applied: fence.applied, begun: fence.begun };
      },
    })),
  },
  {
    what: 'does not look at the fence',
    caughtBy: ['a transaction of a superseded run is fenced off'],
    make: misunderstanding(({ fence: _fence, ...request }) => request),
  },
  {
    what: 'looks at the token of the claim alone',
    caughtBy: ['a transaction under the fence of another environment or service is fenced off'],
    make: misunderstanding((request) => ({ ...request, key: KEY })),
  },
  {
    what: 'is claimed once by each run',
    caughtBy: [
      'the targets of one run in one database share its claim, and lose it together',
      'two target systems in one database are used by one start',
    ],
    make: lying((honest, { server }) => ({
      async claim(key, token) {
        const claimed = server.fences.get(fenceId(key))?.claimed;
        return claimed === token ? { status: 'superseded', claimed } : honest.claim(key, token);
      },
    })),
  },
  {
    what: 'writes at the beginning that a change is applied',
    caughtBy: [
      'a change that commits by itself has begun, and is not applied',
      'a process that dies after its change has committed by itself leaves an issue to a person',
    ],
    make: meddling(async (clients, request) => {
      const { fences } = transactionOf(clients);
      for (const [id, fence] of fences) fences.set(id, { ...fence, applied: fence.begun });
      await request.work(clients);
    }),
  },
  {
    what: 'writes past the transaction that a change has begun',
    caughtBy: [
      'a change that rolls back by itself has not even begun',
      'a change that throws is rolled back, and the fence with it',
      'a process that dies after a change has failed leaves nothing to decide',
    ],
    make: lying((honest, pool) => ({
      run(request) {
        const { fence, key } = request;
        if (fence !== undefined) overwriteFence(pool, key, () => ({ begun: fence.sequence }));
        return honest.run(request);
      },
    })),
  },
  {
    what: 'counts transactions that were not told of a fence',
    caughtBy: ['a transaction without a fence leaves the fence as it is'],
    make: lying((honest, pool) => ({
      async run(request) {
        const outcome = await honest.run(request);
        if (request.fence === undefined)
          overwriteFence(pool, request.key, ({ applied }) => ({ applied: applied + 1 }));
        return outcome;
      },
    })),
  },
  {
    what: 'remembers what it has claimed',
    caughtBy: ['a target that was restored from a backup says what it holds now'],
    make: lying((honest) => {
      let applied = 0;
      return {
        async claim(key, token) {
          const answer = await honest.claim(key, token);
          return answer.status === 'claimed'
            ? { ...answer, applied: Math.max(applied, answer.applied) }
            : answer;
        },
        async run(request) {
          const outcome = await honest.run(request);
          if (outcome.status === 'committed') applied = request.fence?.sequence ?? applied;
          return outcome;
        },
      };
    }),
  },
  {
    what: 'forgets what was applied',
    caughtBy: ['a process that dies between the commit and the ledger entry is healed by the next start'],
    make: lying((honest, pool) => ({
      async run(request) {
        const outcome = await honest.run(request);
        overwriteFence(pool, request.key, () => ({ applied: 0, begun: 0 }));
        return outcome;
      },
    })),
  },
  {
    what: 'invents what was applied',
    caughtBy: ['a target that is older than its ledger is refused, and left as it is'],
    make: lying((honest) => ({
      async claim(key, token) {
        const answer = await honest.claim(key, token);
        return answer.status === 'claimed' ? { ...answer, applied: Math.max(0, token - 2) } : answer;
      },
    })),
  },
  {
    what: 'adopts nothing, whatever it says',
    caughtBy: ADOPTED.map((status) => `a target whose claim was answered with ${status} is adopted`),
    make: lying(() => ({ adopt: async () => true })),
  },
  {
    what: 'adopts without looking',
    caughtBy: ADOPTED.map(
      (status) => `a target whose claim was answered with ${status} is not adopted once it is another one`,
    ),
    make: lying((_honest, pool) => ({
      async adopt(key, { claimed, sequence }) {
        const { environment } = key;
        overwriteFence(pool, key, () => ({ environment, claimed, begun: sequence, applied: sequence }));
        return true;
      },
    })),
  },
  {
    what: 'claims past open transactions',
    caughtBy: ['a claim waits for the open transaction of an older run, and finds what it has applied'],
    make: lying((honest, pool) => ({
      async claim(key, token) {
        const fence = pool.server.fences.get(fenceId(key));
        if (fence === undefined) return honest.claim(key, token);
        overwriteFence(pool, key, () => ({ claimed: token }));
        return { status: 'claimed', applied: fence.applied, begun: fence.begun };
      },
    })),
  },
  {
    what: 'waits for ever for an older run',
    caughtBy: ['a claim that was kept waiting for long enough ends the transaction of the older run'],
    make: lying((honest) => ({ claim: (key, token) => honest.claim(key, token) })),
  },
  {
    what: 'takes a lock for the end of everything',
    caughtBy: ['what another transaction holds up for the moment is busy, or waits'],
    make: lying((honest) => ({
      claim: (key, token) =>
        honest.claim(key, token).catch((error: unknown) => {
          throw hasCode(error, 'FLG_STORE_BUSY') ? new Error('55P03') : error;
        }),
    })),
  },
  {
    what: 'takes a claim without a reply for a success',
    caughtBy: ['a claim whose reply is lost is made again on another connection'],
    make: lying((honest) => ({
      claim: (key, token) =>
        honest.claim(key, token).catch(async (error: unknown) => {
          if (isFlamingockError(error)) throw error;
          return { status: 'claimed', applied: 0, begun: 0 };
        }),
    })),
  },
  {
    what: 'says nothing of a right that is missing',
    caughtBy: ['a right that is missing is named, and nothing was written'],
    make: lying((honest) => ({
      claim: (key, token) =>
        honest.claim(key, token).catch((error: unknown) => {
          throw hasCode(error, 'FLG_TARGET_PERMISSION') ? new Error('42501') : error;
        }),
    })),
  },
];
