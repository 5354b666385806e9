import { registerFlamingock, type RegisterOptions } from '@flamingock/next';
import { sqlAuditStore, sqlTarget } from '@flamingock/sql';
import createProducts from './changes/_0001__CreateProducts';
import addDeliveryDays from './changes/_0002__AddDeliveryDays';
import { shop } from './lib/shop';

/** Applies what is pending. Until it resolves, no page and no route is answered. */
export function start(): Promise<void> {
  return registerFlamingock(() => ({
    service: 'storefront',
    environment: process.env.FLAMINGOCK_ENV,
    environments: { local: { disposable: true }, staging: {}, production: {} },
    auditStore: sqlAuditStore(shop().database),
    targets: { 'storefront-db': sqlTarget(shop().database) },
    // An explicit list, because Next.js bundles the application: a directory would not be where it is now.
    changes: [createProducts, addDeliveryDays],
    // Flamingock refuses any other value.
    hold: (process.env.HOLD ?? 'block') as NonNullable<RegisterOptions['hold']>,
    openPaths: ['/health/live'],
  }));
}
