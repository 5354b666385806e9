import type { LedgerKey } from '@flamingock/core';
import type { TargetFacts } from '@flamingock/core/desk';
import type { Answer } from '../../frame/answer.js';
import { toldError } from '../../frame/failure.js';
import type { Colours } from '../../terminal/output.js';
import { table } from '../../terminal/table.js';
import { moment } from '../../terminal/time-text.js';

/** The target systems, with what the ledger says of them. */
export function targetsAnswer(targets: readonly TargetFacts[], key: LedgerKey): Answer {
  return {
    data: {
      ...key,
      targets: targets.map(({ problem, adoption, fence, identity, recordedIdentity, ...facts }) => ({
        ...facts,
        identity: identity ?? null,
        recordedIdentity: recordedIdentity ?? null,
        fence: fence ?? null,
        adoption: adoption === undefined ? null : { ...adoption, at: moment(adoption.at) },
        ...(problem === undefined ? {} : { problem: toldError(problem) }),
      })),
    },
    screen: (colours) => screenOf(targets, colours),
  };
}

function screenOf(targets: readonly TargetFacts[], colours: Colours): string {
  if (targets.length === 0) return 'no target system is configured';
  const strange = targets.filter(({ standing }) => standing !== 'in-order' && standing !== 'unknown');
  return [
    table(
      targets.map((target) => [
        coloured(target, colours),
        target.name,
        target.kind,
        target.identity ?? '',
        `${target.applied.length} applied`,
        fenceText(target),
      ]),
      ['', 'target', 'kind', 'identity', 'changes', 'fence'],
    ),
    ...targets.flatMap(({ name, adoption }) =>
      adoption === undefined
        ? []
        : [
            `${name} was adopted (${adoption.found}) by ${adoption.actor} at ${moment(adoption.at)}: ${adoption.reason}`,
          ],
    ),
    ...strange.map(
      ({ name }) => `next: bring back what belongs together, or flamingock target adopt ${name}`,
    ),
  ].join('\n');
}

function fenceText({ fence, expected, problem, recordedIdentity, standing }: TargetFacts): string {
  if (problem !== undefined) return toldError(problem).message;
  const recorded = standing === 'moved' ? `; the ledger was written against ${recordedIdentity ?? ''}` : '';
  if (fence === undefined) return `none${recorded}`;
  const { environment, claimed, applied } = fence;
  return `${environment}, claimed ${claimed}, applied ${applied} (expected at least ${expected})${recorded}`;
}

function coloured({ standing }: TargetFacts, { green, red, dim }: Colours): string {
  if (standing === 'in-order') return green('✔ in order');
  return standing === 'unknown' ? dim('– unknown') : red(`✘ ${standing}`);
}
