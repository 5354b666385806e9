import { relative } from 'node:path';
import type { FlamingockError } from '@flamingock/core';
import { displayName, type Discovery } from '@flamingock/core/desk';
import type { Answer } from '../../frame/answer.js';
import { EXIT } from '../../frame/exit-code.js';
import { toldError } from '../../frame/failure.js';
import type { Colours } from '../../terminal/output.js';
import { lineOf } from './changes-lock.js';
import type { DeclaredSequence } from './declared-sequence.js';
import type { Fix } from './fix.js';

/** What a check has come to. */
interface Result {
  readonly sequence: DeclaredSequence;
  readonly found: Discovery;
  /** What is left of them, where something was fixed. */
  readonly problems: readonly FlamingockError[];
  readonly fix: Fix | undefined;
  readonly dryRun: boolean;
  /** The working directory; paths are told from there. */
  readonly directory: string;
}

/** The declared sequence, what is wrong with it, and what was done about it. */
export function checkAnswer(result: Result): Answer {
  const { sequence, found, problems, fix, dryRun, directory } = result;
  const from = (path: string): string => relative(directory, path);
  return {
    data: {
      service: sequence.service ?? null,
      lockFile: from(sequence.lockFile),
      changes: found.changes.map((change) => ({
        id: change.id,
        displayName: displayName(change),
        order: change.order,
        source: change.source,
        ...(change.revision === undefined ? {} : { revision: change.revision }),
      })),
      problems: problems.map(toldError),
      fix:
        fix === undefined
          ? null
          : {
              dryRun,
              wroteLock: fix.wroteLock,
              resolvedWith: fix.resolvedWith ?? null,
              added: fix.added,
              renumbered: fix.renumbered.map(({ change, id, order, file, newFile }) => ({
                ...{ id: change.id, newId: id, order: change.order, newOrder: order },
                ...{ file: from(file), newFile: from(newFile) },
              })),
              accepted: fix.accepted.map(({ kind, locked, declared }) => ({
                kind,
                locked: locked ?? null,
                declared: declared ?? null,
              })),
            },
    },
    screen: (colours) =>
      [
        ...(fix === undefined ? [] : fixLines(fix, result, from, colours)),
        ...problems
          .map(toldError)
          .map(
            ({ code, message, hint }) =>
              `${colours.red('✘')} ${code}: ${message}\n  ${colours.dim('->')} ${hint}`,
          ),
        ...(problems.length === 0 && !dryRun ? [inOrder(result, from, colours)] : []),
      ].join('\n'),
    exit: problems.length === 0 ? EXIT.DONE : EXIT.COULD_NOT,
  };
}

function inOrder({ sequence, found }: Result, from: (path: string) => string, { green }: Colours): string {
  const count = found.changes.length === 1 ? '1 change' : `${found.changes.length} changes`;
  return `${green('✔')} ${count}, as ${from(sequence.lockFile)} has them`;
}

function fixLines(
  { renumbered, added, accepted, resolvedWith, wroteLock }: Fix,
  { dryRun, sequence }: Result,
  from: (path: string) => string,
  { cyan, yellow, dim }: Colours,
): readonly string[] {
  const name = from(sequence.lockFile);
  return [
    ...(resolvedWith === undefined ? [] : [`${cyan('resolved')}    ${name}: what ${resolvedWith} has stays`]),
    ...renumbered.map(({ change, order, id, newFile }) => {
      const newId = id === change.id ? '' : `, and its id is ${id} from now on`;
      return `${cyan('renumbered')}  ${displayName(change)} -> ${displayName({ ...change, order })} ${dim(from(newFile))}${newId}`;
    }),
    ...added.map((line) => `${cyan('added')}       ${lineOf(line)}`),
    ...accepted.map(
      ({ kind, locked }) =>
        `${yellow('accepted')}    ${locked === undefined ? '' : lineOf(locked)} is ${kind}`,
    ),
    ...(dryRun ? [dim('nothing was written (--dry-run)')] : []),
    ...(wroteLock ? [dim(`wrote ${name}: commit it together with the changes`)] : []),
  ];
}
