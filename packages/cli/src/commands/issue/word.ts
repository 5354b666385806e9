import type { Issue, Resolution } from '@flamingock/core';
import { usage } from '../../frame/usage.js';
import type { Invocation } from '../../frame/frame.js';
import { declined, personOf } from '../person.js';
import type { PersonOptions } from '../person-options.js';
import { issueScreen } from './issue-text.js';

interface Options extends PersonOptions {
  readonly as?: Resolution['as'];
  readonly expected?: string;
}

/**
 * A person's word on an issue: as the flags say it, and asked for what they do not, below all that is known. What it is
 * held against under the lock is the issue that was shown: here, or in the `issue show` that `--expected` repeats.
 *
 * Throws `FLG_USAGE` where nobody can be asked, `FLG_DECLINED` where the person leaves it open.
 */
export async function wordOn(
  issue: Issue,
  environment: string,
  invocation: Invocation<Options>,
): Promise<Resolution & { readonly expected: number }> {
  const { options, interactive, output } = invocation;
  const expected = expectedOf(issue, options.expected);
  if (options.as === undefined && !interactive)
    throw usage(
      `It is not said what '${issue.targetSystem}' holds.`,
      'Add --as APPLIED, or --as ROLLED_BACK; see `flamingock issue show`.',
    );
  if (interactive && options.as === undefined)
    output.note(issueScreen(issue, environment, output.noteColours));
  const as = options.as ?? (await askAnswer(issue, invocation));
  return { as, expected, ...(await personOf(invocation)) };
}

async function askAnswer(issue: Issue, { engine, output }: Invocation<Options>): Promise<Resolution['as']> {
  const { askChoice } = await import('../../terminal/questions.js');
  const verify = { value: 'verify', name: "I do not know yet: ask the change's own verify" } as const;
  let canLook = true;
  for (;;) {
    const answer = await askChoice<Resolution['as'] | 'verify' | 'leave'>(
      `What does '${issue.targetSystem}' hold of ${issue.displayName}?`,
      [
        { value: 'APPLIED', name: 'all of it (APPLIED)', description: issue.leadsTo.APPLIED },
        { value: 'ROLLED_BACK', name: 'nothing of it (ROLLED_BACK)', description: issue.leadsTo.ROLLED_BACK },
        ...(canLook ? [verify] : []),
        { value: 'leave', name: 'leave it open', description: 'Nothing is recorded.' },
      ],
    );
    if (answer === 'leave') throw declined();
    if (answer !== 'verify') return answer;
    canLook = false;
    const { flamingock } = await engine();
    const looked = await flamingock.issue(issue.changeId, { verify: true });
    output.note(
      looked?.verified === undefined
        ? 'It has no verify that could be asked.'
        : `Its verify answers: ${looked.verified.result}`,
    );
  }
}

function expectedOf({ sequence, changeId }: Issue, given: string | undefined): number {
  if (given === undefined) return sequence;
  const expected = Number(given);
  if (Number.isSafeInteger(expected)) return expected;
  throw usage(
    `--expected says '${given}', which is no sequence.`,
    `Look at the issue: flamingock issue show ${changeId}.`,
  );
}
