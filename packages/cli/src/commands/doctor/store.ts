import type { Desk, DeskStatus } from '@flamingock/core/desk';
import { lockLine } from '../../terminal/lock-text.js';
import { span } from '../../terminal/time-text.js';
import { failure, failures, type Finding, ok, warning } from './finding.js';

/** Clocks differ by less than this everywhere; in milliseconds. */
const SKEW_MS = 1000;

/** What the audit store says: whether it answers, what it holds, and what time it has. Sends two reads. */
export async function storeFindings(desk: Desk): Promise<readonly Finding[]> {
  // The first one may have to connect.
  await desk.status();
  const before = Date.now();
  const status = await desk.status();
  const after = Date.now();
  return [
    ok('store', `answers, as ${storeState(status)}`),
    clockFinding(status.now, before, after),
    ...ledgerFindings(status),
  ];
}

function storeState({ highestSequence, lock, now }: DeskStatus): string {
  const entries = highestSequence === 0 ? 'an empty ledger' : `a ledger of ${highestSequence} entries`;
  return `${entries}; lock: ${lockLine(lock, now)}`;
}

/** Leases are judged by the store's clock alone, so nothing but the reading of logs depends on this. */
function clockFinding(now: number, before: number, after: number): Finding {
  const skew = now - (before + after) / 2;
  const uncertain = (after - before) / 2;
  if (Math.abs(skew) <= SKEW_MS + uncertain) return ok('clock', 'as that of the store');
  return warning(
    'clock',
    `The clock of the store is ${span(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} that of this machine.`,
    'Let both be set by the same time service. Nothing that Flamingock decides depends on it; logs and the times of the ledger do not match.',
  );
}

function ledgerFindings({ changes, problems, key }: DeskStatus): readonly Finding[] {
  const blocked = changes.filter(({ standing }) => standing === 'blocked');
  const found = [
    ...problems.flatMap((problem) => failures('ledger', problem)),
    ...blocked.map(({ displayName, id }) =>
      failure(
        'ledger',
        `Nothing proves what became of ${displayName}, so a start is refused.`,
        `flamingock issue show ${id} -e ${key.environment}`,
      ),
    ),
  ];
  return found.length > 0 ? found : [ok('ledger', 'nothing in it keeps a start from going on')];
}
