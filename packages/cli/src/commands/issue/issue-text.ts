import type { Issue } from '@flamingock/core';
import type { Colours } from '../../terminal/output.js';
import { errorLine } from '../../terminal/recorded-error-text.js';
import { table } from '../../terminal/table.js';
import { moment } from '../../terminal/time-text.js';

/** An issue as a program is told of it. */
export function toldIssue({ since, error, ...issue }: Issue): object {
  return { ...issue, since: moment(since), ...(error === undefined ? {} : { error }) };
}

/** A row for each issue. */
export function issueRows(issues: readonly Issue[], { red }: Colours): string {
  return table(
    issues.map(({ displayName, changeId, targetSystem, state, since, error, of }) => [
      red('✘'),
      displayName,
      changeId,
      targetSystem,
      of === 'undo' ? `undo ${state}` : state,
      moment(since),
      error === undefined ? '' : errorLine(error),
    ]),
    ['', 'change', 'id', 'target', 'state', 'since', 'error'],
  );
}

/** Everything that a person needs to decide; the commands in it are those of the environment. */
export function issueScreen(issue: Issue, environment: string, { bold, dim, red, yellow }: Colours): string {
  const { displayName, changeId, of, sequence, targetSystem, targetIdentity, state, error, source } = issue;
  const { host, processId, attempt, since, strategy, recovery, missingProof, leadsTo, nextSteps } = issue;
  const { verified } = issue;
  const identity = targetIdentity === undefined ? '' : ` (${targetIdentity})`;
  return [
    `${red('✘')} ${bold(displayName)}  ${changeId}  ${dim(source)}`,
    '',
    table([
      [dim('what'), of === 'undo' ? 'its undo has no known outcome' : 'it has no known outcome'],
      [dim('state'), `${state}, entry ${sequence}, attempt ${attempt}, ${strategy}, ${recovery}`],
      [dim('since'), `${moment(since)}, process ${processId} on ${host}`],
      [dim('target'), `'${targetSystem}'${identity}`],
      ...(error === undefined ? [] : [[dim('error'), errorLine(error)]]),
    ]),
    '',
    bold('why nothing proves it'),
    ...missingProof.map((reason) => `  - ${reason}`),
    ...(verified === undefined
      ? []
      : [
          '',
          `${bold('its verify answers now')}  ${yellow(verified.result)}${verified.error === undefined ? '' : `: ${errorLine(verified.error)}`}`,
          ...(verified.differences ?? []).map((line) => `  - ${line}`),
        ]),
    '',
    bold('what each answer leads to'),
    ...Object.entries(leadsTo).map(([answer, leads]) => `  ${answer.padEnd(11)}  ${leads}`),
    '',
    bold('what to do'),
    ...nextSteps.map(
      (step, index) =>
        `  ${index + 1}. ${step.replace(/flamingock issue \w+ \S+/, (command) => `${command} -e ${environment}`)}`,
    ),
  ].join('\n');
}
