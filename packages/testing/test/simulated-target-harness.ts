import type { BoundClients, Target } from '@flamingock/core/spi';
import type { TargetHarness } from '../src/target/harness.js';
import { SimulatedServer } from './simulated-server.js';
import { fenceId, SimulatedClient, SimulatedPool, transactionOf } from './simulated-target.js';

/** A harness for targets on a simulated server. */
export function simulatedTargetHarness(make: (pool: SimulatedPool) => Target): TargetHarness {
  return {
    async database() {
      const server = new SimulatedServer();
      return {
        target: async () => make(new SimulatedPool(server)),
        client: SimulatedClient,
        plainClient: SimulatedPool,
        write: (clients, value) => clientOf(clients).write(value),
        statements: {
          fail: (clients) => transactionOf(clients).fail(),
          recover: (clients, work) => transactionOf(clients).recover(work),
          async end(clients, how) {
            const transaction = transactionOf(clients);
            if (how === 'COMMIT') transaction.commit();
            else transaction.rollback();
          },
        },
        rawFence: async (key) => server.fences.get(fenceId(key)),
        async restoreFence(key, fence) {
          if (fence === undefined) server.fences.delete(fenceId(key));
          else server.fences.set(fenceId(key), fence);
        },
        rawValues: async () => [...server.values].sort(),
        restricted: async () => make(new SimulatedPool(server, false)),
        async unreliable() {
          const pool = new SimulatedPool(server);
          const loseReplies = async (): Promise<void> => {
            pool.losesReplies = true;
          };
          return { target: make(pool), loseReplies };
        },
        close: () => Promise.resolve(),
      };
    },
  };
}

function clientOf(clients: BoundClients): SimulatedClient {
  return clients.client(SimulatedClient) as SimulatedClient;
}
