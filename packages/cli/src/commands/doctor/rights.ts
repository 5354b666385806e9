import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type FlamingockOptions, hasCode } from '@flamingock/core';
import { type Finding, ok, unknown } from './finding.js';

/**
 * Whether the ledger can be written: by renewing a lease that nobody has. By the contract of stores that matches no row and
 * so changes nothing, but a role without the rights is refused, with everything that it lacks. Throws what the store says.
 */
export async function rightsFindings({
  auditStore,
  service,
  environment = '',
  tenant = '',
}: FlamingockOptions): Promise<readonly Finding[]> {
  const key = { service, environment, tenant };
  const { initialised } = await auditStore.read(key, 0);
  if (!initialised) return [unknown('rights', 'there are no tables yet; the first run creates them')];
  const session = await auditStore.openSession();
  try {
    const nobody = { owner: randomUUID(), host: hostname(), processId: process.pid, leaseMs: 1000 };
    await session.renew(key, nobody, 0);
    return [ok('rights', 'the store can be written')];
  } catch (error) {
    if (!hasCode(error, 'FLG_STORE_BUSY')) throw error;
    return [unknown('rights', 'somebody else writes the store at the moment')];
  } finally {
    await session.close();
  }
}
