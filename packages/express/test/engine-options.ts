import { defineChange, type FlamingockOptions, memoryAuditStore, target } from '@flamingock/core';

/** Options with a ledger of their own and one change. */
export function engineOptions(apply: () => unknown = () => undefined): FlamingockOptions {
  return {
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { flags: target({ clients: [] }) },
    changes: [defineChange({ id: 'a', name: '_0001__A', targetSystem: 'flags', apply })],
    logger: false,
  };
}

/** A change that goes on when it is told to. */
export function held(): { readonly apply: () => Promise<void>; goOn(): void } {
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  return {
    apply: () => told,
    goOn: () => {
      goOn();
    },
  };
}
