import type { DeskChange, DeskStatus, RunFact, Standing } from '@flamingock/core/desk';
import type { Answer } from '../../frame/answer.js';
import { EXIT, type ExitCode } from '../../frame/exit-code.js';
import { toldError } from '../../frame/failure.js';
import { lockLine, toldLock } from '../../terminal/lock-text.js';
import type { Colours } from '../../terminal/output.js';
import { errorLine } from '../../terminal/recorded-error-text.js';
import { table } from '../../terminal/table.js';
import { moment, span } from '../../terminal/time-text.js';

const STANDINGS: readonly Standing[] = [
  'applied',
  'pending',
  'reserved',
  'running',
  'interrupted',
  'blocked',
  'held',
  'restricted',
  'ahead',
];

/**
 * One screen about one ledger.
 *
 * @param check whether the exit code tells what is to do
 */
export function statusAnswer(status: DeskStatus, check: boolean): Answer {
  const { key, now, lock, lastRun, epoch, declared, unknownBecause, problems, changes } = status;
  const next = nextCommands(status);
  return {
    data: {
      ...key,
      declared,
      ...(unknownBecause === undefined ? {} : { unknownBecause: toldError(unknownBecause) }),
      counts: Object.fromEntries(STANDINGS.map((standing) => [standing, count(changes, standing)])),
      changes: changes.map(({ at, ...change }) => ({
        ...change,
        ...(at === undefined ? {} : { at: moment(at) }),
      })),
      problems: problems.map(toldError),
      lastRun: lastRun === undefined ? null : { ...lastRun, at: moment(lastRun.at) },
      epoch: epoch === undefined ? null : { ...epoch, at: moment(epoch.at) },
      lock: toldLock(lock, now),
      now: moment(now),
      next,
    },
    screen: (colours) => screenOf(status, next, colours),
    exit: check ? exitOf(status) : EXIT.DONE,
  };
}

function screenOf(status: DeskStatus, next: readonly string[], colours: Colours): string {
  const { key, now, lock, lastRun, epoch, declared, unknownBecause, problems, changes } = status;
  const { bold, dim, yellow } = colours;
  const tenant = key.tenant === '' ? '' : ` / ${key.tenant}`;
  const counts = STANDINGS.filter((standing) => count(changes, standing) > 0)
    .map((standing) => `${count(changes, standing)} ${standing}`)
    .join(', ');
  return [
    `${bold(`${key.service} / ${key.environment}${tenant}`)}  ${counts === '' ? 'no change' : counts}`,
    ...(declared
      ? []
      : [
          yellow(
            `what is declared is not known, so what is pending is not either${unknownBecause === undefined ? '' : `: ${toldError(unknownBecause).code}: ${toldError(unknownBecause).message}`}`,
          ),
        ]),
    '',
    ...(changes.length === 0 ? [] : [table(changes.map((change) => row(change, now, colours))), '']),
    ...problems.map(toldError).map(({ code, message }) => yellow(`a start is refused: ${code}: ${message}`)),
    `${dim('last run')}  ${lastRun === undefined ? 'none' : runLine(lastRun, status)}`,
    ...(epoch === undefined
      ? []
      : [
          `${dim('epoch')}     begun with entry ${epoch.sequence} at ${moment(epoch.at)} by ${epoch.actor}: ${epoch.reason}`,
        ]),
    `${dim('lock')}      ${lockLine(lock, now)}`,
    `${dim('next')}      ${next.length === 0 ? 'nothing to do' : next.join(`\n${' '.repeat(10)}`)}`,
  ].join('\n');
}

function row(change: DeskChange, now: number, colours: Colours): readonly string[] {
  const { displayName, standing, targetSystem = '', state, proof, at, error } = change;
  const when = at === undefined ? '' : `${span(now - at)} ago`;
  const because = error === undefined || standing === 'applied' ? '' : errorLine(error);
  const what =
    state === undefined ? '' : `${state}${proof === undefined || proof === 'none' ? '' : ` (${proof})`}`;
  return [coloured(standing, colours), displayName, targetSystem, what, when, because];
}

function coloured(standing: Standing, { green, red, yellow, cyan, dim }: Colours): string {
  switch (standing) {
    case 'applied':
      return green(`✔ ${standing}`);
    case 'blocked':
      return red(`✘ ${standing}`);
    case 'interrupted':
    case 'held':
    case 'ahead':
      return yellow(`! ${standing}`);
    case 'pending':
    case 'reserved':
    case 'running':
      return cyan(`… ${standing}`);
    case 'restricted':
      return dim(`– ${standing}`);
  }
}

function runLine(
  { at, host, processId, applied, failed, applicationVersion }: RunFact,
  { now, changes }: DeskStatus,
): string {
  const running = changes.filter(({ standing }) => standing === 'running').map(({ id }) => id);
  const left = failed.filter((id) => !running.includes(id));
  const version = applicationVersion === undefined ? '' : `, version ${applicationVersion}`;
  const outcome = [
    ...(applied.length === 0 ? [] : [`applied ${applied.length}`]),
    ...(left.length === 0 ? [] : [`left ${left.join(', ')}`]),
    ...(running.length === 0 ? [] : [`is at ${running.join(', ')}`]),
  ];
  return `${moment(at)} (${span(now - at)} ago) by process ${processId} on ${host}${version}: ${outcome.length === 0 ? 'applied nothing' : outcome.join('; ')}`;
}

function nextCommands({ key, lock, now, changes, problems }: DeskStatus): readonly string[] {
  const environment = `-e ${key.environment}`;
  const blocked = changes.filter(({ standing }) => standing === 'blocked');
  if (blocked.length > 0) return blocked.map(({ id }) => `flamingock issue show ${id} ${environment}`);
  if (lock !== undefined && lock.expiresAt > now) return [`flamingock lock show ${environment}`];
  if (problems.length > 0) return [`flamingock plan ${environment}`];
  const todo: readonly Standing[] = ['pending', 'reserved', 'interrupted', 'held'];
  return changes.some(({ standing }) => todo.includes(standing)) ? [`flamingock apply ${environment}`] : [];
}

function exitOf({ changes, problems, declared }: DeskStatus): ExitCode {
  const some = (...standings: readonly Standing[]): boolean =>
    changes.some(({ standing }) => standings.includes(standing));
  if (some('blocked', 'interrupted')) return EXIT.FAILED;
  if (problems.length > 0 || !declared) return EXIT.COULD_NOT;
  return some('pending', 'reserved', 'running', 'held') ? EXIT.PENDING : EXIT.DONE;
}

function count(changes: readonly DeskChange[], standing: Standing): number {
  return changes.filter((change) => change.standing === standing).length;
}
