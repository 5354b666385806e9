import { memoryAuditStore } from '@flamingock/core';
import { openDesk } from '@flamingock/core/desk';
import type { ReadConfig } from '../../config/read-config.js';
import { failures, type Finding, ok, unknown } from './finding.js';

/** Everything that discovery rejects; held against an empty ledger, so that no store is needed. */
export async function declaredChangeFindings(
  { service, changes, application }: ReadConfig,
  environment: string,
): Promise<readonly Finding[]> {
  if (changes === undefined)
    return [
      unknown(
        'changes',
        application === undefined
          ? 'none are configured, and the desk needs none'
          : 'they come with the application',
      ),
    ];
  const desk = openDesk({ service, environment, changes, auditStore: memoryAuditStore() });
  const { unknownBecause, problems, changes: declared } = await desk.status();
  const found = [...(unknownBecause === undefined ? [] : [unknownBecause]), ...problems];
  return found.length === 0
    ? [ok('changes', `${declared.length} are declared`)]
    : found.flatMap((problem) => failures('changes', problem));
}
