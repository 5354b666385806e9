import type { ClientUse } from '../src/target/target.js';

/** A call of the change `add-route` of the service `orders`. */
export function clientUse(parts: Partial<ClientUse> = {}): ClientUse {
  return {
    key: { service: 'orders', environment: 'test', tenant: '' },
    changeId: 'add-route',
    method: 'apply',
    of: 'execution',
    absentSince: 0,
    signal: new AbortController().signal,
    ...parts,
  };
}
