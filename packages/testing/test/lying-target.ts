import type {
  BoundClients,
  FenceKey,
  Target,
  TargetTransactions,
  TransactionOutcome,
  TransactionRequest,
} from '@flamingock/core/spi';
import type { RawFence } from '../src/target/harness.js';
import { fenceId, simulatedTarget, type SimulatedPool } from './simulated-target.js';

/** Makes a target on a pool of its own. */
export type MakeTarget = (pool: SimulatedPool) => Target;

/** A target that breaks one promise. */
export interface DefectiveTarget {
  readonly what: string;
  /** The names of the cases that are meant to catch it. */
  readonly caughtBy: readonly string[];
  readonly make: MakeTarget;
}

/** An honest target whose transactions lie in some methods. */
export function lying(
  lies: (honest: TargetTransactions, pool: SimulatedPool, target: Target) => Partial<TargetTransactions>,
): MakeTarget {
  return (pool) => {
    const target = simulatedTarget(pool);
    const { transactions: honest } = target;
    if (honest === undefined) throw new TypeError('the honest target has transactions');
    return {
      ...target,
      transactions: { ...honest, ...lies(honest, pool, target) },
    };
  };
}

/** An honest target that asks for something else than it was asked. */
export function misunderstanding(change: (request: TransactionRequest) => TransactionRequest): MakeTarget {
  return lying((honest) => ({ run: (request) => honest.run(change(request)) }));
}

/** An honest target that tells another outcome than there was. */
export function misreporting(change: (outcome: TransactionOutcome) => TransactionOutcome): MakeTarget {
  return lying((honest) => ({ run: async (request) => change(await honest.run(request)) }));
}

/** An honest target that does something around the change. */
export function meddling(
  work: (clients: BoundClients, request: TransactionRequest, target: Target) => Promise<void>,
): MakeTarget {
  return lying((honest, _pool, target) => ({
    run: (request) => honest.run({ ...request, work: (clients) => work(clients, request, target) }),
  }));
}

/** Changes a fence as it stands, without asking; none where there is none. */
export function overwriteFence(
  { server }: SimulatedPool,
  key: FenceKey,
  change: (fence: RawFence) => Partial<RawFence>,
): void {
  const fence = server.fences.get(fenceId(key));
  if (fence !== undefined) server.fences.set(fenceId(key), { ...fence, ...change(fence) });
}
