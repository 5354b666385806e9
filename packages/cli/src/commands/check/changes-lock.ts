import { compareOrder, normaliseOrder } from '@flamingock/core/desk';

/** One change, as `changes.lock` has it. */
export interface LockedChange {
  readonly order: string;
  readonly id: string;
  /** The author's revision; `undefined` where there is none. */
  readonly revision: string | undefined;
}

/** What `changes.lock` says. */
export type ReadLock =
  | { readonly state: 'read'; readonly changes: readonly LockedChange[] }
  /** Git has left both sides of a conflict in it. */
  | { readonly state: 'conflict' }
  | { readonly state: 'invalid'; readonly because: string };

const HEADER = `# The sequence of changes: a line for each, with its order, its id, and its revision where it has one.
# It is committed together with the changes, so that two branches that take the same place conflict here.
# It is written by \`flamingock check --fix\`, which also resolves such a conflict.
`;

/** What stands at the beginning of a line between two sides of a conflict. */
const MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/;
const BARE = /^[^\s"#=]+$/;
const LINE = /^(\d+)\s+("(?:[^"\\]|\\.)*"|[^\s"#=]+)(?:\s+revision=("(?:[^"\\]|\\.)*"|[^\s"#=]+))?$/;

/** Reads the text of a `changes.lock`, with line ends of either kind. */
export function readLock(text: string): ReadLock {
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => MARKER.test(line))) return { state: 'conflict' };
  const changes: LockedChange[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const change = readLine(line.trim());
    if (change === undefined) return invalid(`line ${index + 1} is no order with an id: ${line.trim()}`);
    const twin = changes.find(({ id, order }) => id === change.id || order === change.order);
    if (twin !== undefined)
      return invalid(
        twin.id === change.id
          ? `'${change.id}' stands there twice`
          : `the order ${change.order} stands there twice`,
      );
    changes.push(change);
  }
  return { state: 'read', changes: inOrder(changes) };
}

/** The text of a `changes.lock`: the same for the same changes, whoever writes it. */
export function writtenLock(changes: readonly LockedChange[]): string {
  return `${HEADER}\n${inOrder(changes)
    .map((change) => `${lineOf(change)}\n`)
    .join('')}`;
}

/** A change as it stands in the file. */
export function lineOf({ order, id, revision }: LockedChange): string {
  return `${order.padStart(4, '0')} ${field(id)}${revision === undefined ? '' : ` revision=${field(revision)}`}`;
}

function readLine(line: string): LockedChange | undefined {
  const [, order, id, revision] = LINE.exec(line) ?? [];
  if (order === undefined || id === undefined) return undefined;
  try {
    return {
      order: normaliseOrder(order),
      id: unquoted(id),
      revision: revision === undefined ? undefined : unquoted(revision),
    };
  } catch {
    return undefined;
  }
}

function inOrder(changes: readonly LockedChange[]): readonly LockedChange[] {
  return [...changes].sort((a, b) => compareOrder(a.order, b.order));
}

function field(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}

function unquoted(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

function invalid(because: string): ReadLock {
  return { state: 'invalid', because };
}
