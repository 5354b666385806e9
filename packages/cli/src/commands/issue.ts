import { Command, Option } from 'commander';
import type { Issue, Resolution } from '@flamingock/core';
import type { Desk } from '@flamingock/core/desk';
import type { Answer } from '../frame/answer.js';
import type { Frame, Invocation } from '../frame/frame.js';
import { examples } from './examples.js';
import type { PersonOptions } from './person-options.js';

interface ShowOptions {
  readonly verify?: boolean;
}

interface ResolveOptions extends PersonOptions {
  readonly as?: Resolution['as'];
  readonly expected?: string;
}

/** `flamingock issue`: changes whose outcome only a person can tell. */
export function issueCommand(frame: Frame): Command {
  return new Command('issue')
    .description('changes whose outcome only a person can tell')
    .addCommand(
      new Command('list')
        .description('all of them, in order')
        .addHelpText('after', examples(['issue list -e production', 'needs only the audit store']))
        .action(frame.action('issue list', list)),
    )
    .addCommand(
      new Command('show')
        .description('what happened, which proof is missing, where to look, and what each answer leads to')
        .argument('<id>', 'of the change')
        .option('--verify', "ask the change's own verify now; needs its target system")
        .addHelpText(
          'after',
          examples(
            ['issue show register-order-event-v2 -e production', 'needs only the audit store'],
            ['issue show register-order-event-v2 -e production --verify', 'looks at the target system, too'],
          ),
        )
        .action(frame.action('issue show', show)),
    )
    .addCommand(resolveCommand(frame));
}

function resolveCommand(frame: Frame): Command {
  const command = new Command('resolve')
    .description("records a person's word; asks for what is not given, on a terminal")
    .argument('<id>', 'of the change')
    .addOption(
      new Option('--as <answer>', 'what the target system holds').choices(['APPLIED', 'ROLLED_BACK']),
    )
    .option('--expected <sequence>', 'the issue that was looked at, as `issue show` tells it')
    .option('--actor <name>', 'who you are; recorded')
    .option('--reason <text>', 'what you found; recorded')
    .addHelpText(
      'after',
      examples(
        ['issue resolve register-order-event-v2 -e production', 'guided, on a terminal'],
        [
          'issue resolve register-order-event-v2 -e production --as APPLIED --expected 7 --actor jane --reason "version 2 is there"',
          'without questions',
        ],
      ),
    );
  return command.action(frame.action('issue resolve', resolve));
}

async function list({ project }: Invocation<object>): Promise<Answer> {
  const desk = await (await project()).desk();
  const issues = await desk.issues();
  const { issueRows, toldIssue } = await import('./issue/issue-text.js');
  return {
    data: { ...desk.key, issues: issues.map(toldIssue) },
    screen: (colours) => (issues.length === 0 ? 'no issue is open' : issueRows(issues, colours)),
  };
}

async function show(invocation: Invocation<ShowOptions>): Promise<Answer> {
  const { options, arguments: given, project, engine } = invocation;
  const desk = await (await project()).desk();
  const open = await openIssue(desk, given[0] ?? '');
  const { issueScreen, toldIssue } = await import('./issue/issue-text.js');
  const looked =
    options.verify === true
      ? await (await engine()).flamingock.issue(open.changeId, { verify: true })
      : undefined;
  const issue = looked ?? open;
  return {
    data: { ...desk.key, issue: toldIssue(issue) },
    screen: (colours) => issueScreen(issue, desk.key.environment, colours),
  };
}

async function resolve(invocation: Invocation<ResolveOptions>): Promise<Answer> {
  const { arguments: given, options, project } = invocation;
  const desk = await (await project()).desk();
  const issue = await openIssue(desk, given[0] ?? '');
  const { wordOn } = await import('./issue/word.js');
  const resolution = await wordOn(issue, desk.key.environment, invocation);
  await desk.resolve(issue.changeId, resolution);
  const { as, actor, reason } = resolution;
  return {
    data: { ...desk.key, changeId: issue.changeId, as, actor, reason, expected: resolution.expected },
    screen: ({ green }) =>
      `${green('✔')} recorded: ${issue.displayName} is ${as}. ${issue.leadsTo[as]}${options.json === true ? '' : `\n  next: flamingock status -e ${desk.key.environment}`}`,
  };
}

async function openIssue(desk: Desk, id: string): Promise<Issue> {
  const issues = await desk.issues();
  const issue = issues.find(({ changeId }) => changeId === id);
  if (issue !== undefined) return issue;
  const { notKnown } = await import('../frame/usage.js');
  throw notKnown(
    'open issue of the change',
    id,
    issues.map(({ changeId }) => changeId),
  );
}
