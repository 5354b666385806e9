import type { LedgerFacts } from '@flamingock/core/desk';
import type { Answer } from '../../frame/answer.js';
import { EXIT } from '../../frame/exit-code.js';
import { lockLine, toldLock } from '../../terminal/lock-text.js';
import type { Colours } from '../../terminal/output.js';
import { errorLine } from '../../terminal/recorded-error-text.js';
import { table } from '../../terminal/table.js';
import { moment, span } from '../../terminal/time-text.js';

/**
 * Every ledger of a store: who has its latest changes, who is blocked, and which target systems are affected.
 *
 * @param check whether the exit code tells of what is blocked
 */
export function ledgersAnswer(all: readonly LedgerFacts[], check: boolean): Answer {
  const ledgers = all.map((facts) => ({ facts, behind: missingIn(facts, all) }));
  const affected = affectedTargets(all);
  const blocked = all.some((facts) => facts.blocked.length > 0);
  return {
    data: {
      ledgers: ledgers.map(({ facts, behind }) => ({
        ...facts.key,
        applied: facts.applied.length,
        latest: facts.applied.at(-1)?.displayName ?? null,
        upToDate: isUpToDate(facts, behind),
        behind,
        blocked: facts.blocked.map(({ id, displayName, targetSystem, state, error }) => ({
          id,
          displayName,
          targetSystem,
          state,
          ...(error === undefined ? {} : { error }),
        })),
        running: facts.running.map(({ id }) => id),
        failed: facts.failed.map(({ id }) => id),
        held: facts.undone.map(({ id }) => id),
        lastRun: facts.lastRun === undefined ? null : { ...facts.lastRun, at: moment(facts.lastRun.at) },
        lock: toldLock(facts.lock, facts.now),
      })),
      affectedTargets: affected,
    },
    screen: (colours) => screenOf(ledgers, affected, colours),
    exit: check && blocked ? EXIT.FAILED : EXIT.DONE,
  };
}

/** Ids of the changes that another environment of the same service and tenant has, and this one has not. */
function missingIn({ key, applied }: LedgerFacts, all: readonly LedgerFacts[]): readonly string[] {
  const here = new Set(applied.map(({ id }) => id));
  const elsewhere = all
    .filter((other) => other.key.service === key.service && other.key.tenant === key.tenant)
    .flatMap((other) => other.applied.map(({ id }) => id));
  return [...new Set(elsewhere)].filter((id) => !here.has(id));
}

/** A change that is left open in its own ledger is missing there, too, whatever the other environments have. */
function isUpToDate({ blocked, running, failed, undone }: LedgerFacts, behind: readonly string[]): boolean {
  return [blocked, running, failed, undone, behind].every((changes) => changes.length === 0);
}

/** By target system, the services with a change that is blocked or under way there. */
function affectedTargets(all: readonly LedgerFacts[]): Readonly<Record<string, readonly string[]>> {
  const affected: Record<string, string[]> = {};
  for (const { key, blocked, running } of all)
    for (const { targetSystem } of [...blocked, ...running]) {
      const services = (affected[targetSystem] ??= []);
      const name = nameOf(key);
      if (!services.includes(name)) services.push(name);
    }
  return affected;
}

function nameOf({ service, environment, tenant }: LedgerFacts['key']): string {
  return [service, environment, ...(tenant === '' ? [] : [tenant])].join(' / ');
}

function screenOf(
  ledgers: readonly { readonly facts: LedgerFacts; readonly behind: readonly string[] }[],
  affected: Readonly<Record<string, readonly string[]>>,
  colours: Colours,
): string {
  if (ledgers.length === 0) return 'no ledger in this store';
  const { bold, red } = colours;
  const rows = ledgers.map(({ facts, behind }) => {
    const { key, applied, lastRun, lock, now } = facts;
    const latest = applied.at(-1)?.displayName ?? 'nothing applied';
    return [
      nameOf(key),
      standing(facts, behind, colours),
      latest,
      `${applied.length} applied`,
      lastRun === undefined ? '' : `${span(now - lastRun.at)} ago`,
      lock === undefined ? '' : lockLine(lock, now),
    ];
  });
  const issues = ledgers.flatMap(({ facts }) =>
    facts.blocked.map(
      ({ displayName, targetSystem, error }) =>
        `${red('✘')} ${nameOf(facts.key)}: ${displayName} at '${targetSystem}'${error === undefined ? '' : `: ${errorLine(error)}`}`,
    ),
  );
  const targets = Object.entries(affected).map(([target, services]) => `  ${target}: ${services.join(', ')}`);
  return [
    table(rows),
    ...(issues.length === 0 ? [] : ['', ...issues]),
    ...(targets.length === 0 ? [] : ['', bold('affected target systems'), ...targets]),
  ].join('\n');
}

function standing(
  { blocked, running, failed, undone }: LedgerFacts,
  behind: readonly string[],
  { green, red, cyan, yellow }: Colours,
): string {
  if (blocked.length > 0) return red(`✘ ${blocked.length} blocked`);
  if (running.length > 0) return cyan('… running');
  if (failed.length > 0) return yellow(`! ${failed.length} failed`);
  if (undone.length > 0) return yellow(`! ${undone.length} held`);
  return behind.length === 0 ? green('✔ latest') : yellow(`! ${behind.length} behind`);
}
