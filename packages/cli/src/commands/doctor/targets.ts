import type { FlamingockOptions, Target } from '@flamingock/core';
import type { TargetFacts, TargetStanding } from '@flamingock/core/desk';
import { failure, failures, type Finding, ok, unknown } from './finding.js';

const STRANGE: Readonly<Record<Exclude<TargetStanding, 'in-order' | 'unknown'>, string>> = {
  behind: 'is behind its ledger: it was restored from a backup, or made anew',
  ahead: 'knows what the ledger does not: the ledger was restored from a backup, or is another one',
  past: 'holds what was committed before the ledger began anew: it was not dropped then',
  foreign: 'was claimed by the same service under another environment',
  moved: 'is not the one that the ledger was written against',
};

/** The target systems, held against the ledger by reading their fences. */
export function targetFindings(
  facts: readonly TargetFacts[],
  targets: Readonly<Record<string, Target>>,
  environment: string,
): readonly Finding[] {
  return facts.flatMap((fact): readonly Finding[] => {
    const { name, kind, standing, fence, problem } = fact;
    const check = `target ${name}`;
    if (problem !== undefined) return failures(check, problem);
    if (standing !== 'in-order' && standing !== 'unknown')
      return [
        failure(
          check,
          `It ${STRANGE[standing]}${detail(fact, environment)}.`,
          `Bring back what belongs together, or: flamingock target adopt ${name} -e ${environment}`,
        ),
      ];
    if (fence !== undefined) return [ok(check, `${kind}, answers; in order with the ledger`)];
    return targets[name]?.transactions?.fence === undefined
      ? [unasked(check, kind)]
      : [ok(check, `${kind}, answers; no change of the ledger has a fence there yet`)];
  });
}

/** Whether a target system answers, where there is no ledger to hold it against. */
export async function reachableFindings(
  name: string,
  { kind, transactions }: Target,
  { service, environment = '', tenant = '' }: FlamingockOptions,
): Promise<readonly Finding[]> {
  const check = `target ${name}`;
  if (transactions?.fence === undefined) return [unasked(check, kind)];
  await transactions.fence({ service, environment, tenant });
  return [ok(check, `${kind}, answers; the ledger could not be read, so it is not held against it`)];
}

function unasked(check: string, kind: string): Finding {
  return unknown(check, `${kind}: there is nothing that could be asked without an effect`);
}

function detail({ fence, expected, identity, recordedIdentity }: TargetFacts, environment: string): string {
  if (fence === undefined)
    return recordedIdentity === undefined
      ? ''
      : ` (it is '${identity ?? ''}', and was '${recordedIdentity}')`;
  const claimed = fence.environment === environment ? '' : `, claimed for '${fence.environment}'`;
  return ` (its fence is at ${fence.applied}${claimed}; the ledger expects at least ${expected})`;
}
