import { compareOrder, type RecordedChange } from '@flamingock/core/desk';

/**
 * How a change stands on the two sides. `same`: applied on both; `different`: applied on both, and not the same;
 * `only-first`, `only-second`: applied on one alone; `restricted`: one side skipped it on purpose; `open`: recorded, and
 * applied on neither.
 */
export type Finding = 'same' | 'different' | 'only-first' | 'only-second' | 'restricted' | 'open';

/**
 * What differs of a change that is applied on both sides. `order`: its number; `position`: it was applied before or after
 * others than on the other side; `version`: its checksum or revision; `target`: the name of its target system.
 */
export type Difference = 'order' | 'position' | 'version' | 'target';

/** One change, on both sides. */
export interface ComparedChange {
  readonly id: string;
  readonly displayName: string;
  readonly finding: Finding;
  readonly differences: readonly Difference[];
  readonly first: RecordedChange | undefined;
  readonly second: RecordedChange | undefined;
}

/** What two sides come to: the same; one is the beginning of the other; or they have parted. */
export type Verdict = 'same' | 'first-behind' | 'second-behind' | 'diverged';

type Sequence = readonly RecordedChange[];

/** Holds two sequences against each other, change by change, in their order. */
export function compared(first: Sequence, second: Sequence): readonly ComparedChange[] {
  const [left, right] = [byId(first), byId(second)];
  const moved = outOfPosition(left, right);
  return [...new Map([...right, ...left]).values()]
    .sort((a, b) => compareOrder(a.order, b.order))
    .map(({ id, displayName }) => {
      const [one, other] = [left.get(id), right.get(id)];
      const differences = differencesOf(one, other, moved.has(id));
      return {
        ...{ id, displayName, differences, first: one, second: other },
        finding: findingOf(one, other, differences),
      };
    });
}

/** What all of it comes to. */
export function verdictOf(changes: readonly ComparedChange[]): Verdict {
  const of = (wanted: Finding): readonly ComparedChange[] =>
    changes.filter(({ finding }) => finding === wanted);
  const [onlyFirst, onlySecond] = [of('only-first'), of('only-second')];
  if (of('different').length > 0 || (onlyFirst.length > 0 && onlySecond.length > 0)) return 'diverged';
  const [extra] = [...onlyFirst, ...onlySecond];
  if (extra === undefined) return 'same';
  // What is missing in the middle is no state that the other side ever was in.
  const rest = changes.slice(changes.indexOf(extra));
  if (rest.some(({ finding }) => finding === 'same')) return 'diverged';
  return onlyFirst.length > 0 ? 'second-behind' : 'first-behind';
}

function byId(sequence: Sequence): ReadonlyMap<string, RecordedChange> {
  return new Map(sequence.map((change) => [change.id, change]));
}

function findingOf(
  first: RecordedChange | undefined,
  second: RecordedChange | undefined,
  differences: readonly Difference[],
): Finding {
  const [one, other] = [first?.applied !== undefined, second?.applied !== undefined];
  if (one && other) return differences.length === 0 ? 'same' : 'different';
  if (first?.state === 'SKIPPED' || second?.state === 'SKIPPED') return 'restricted';
  return one ? 'only-first' : other ? 'only-second' : 'open';
}

function differencesOf(
  first: RecordedChange | undefined,
  second: RecordedChange | undefined,
  moved: boolean,
): readonly Difference[] {
  if (first?.applied === undefined || second?.applied === undefined) return [];
  const differs: Readonly<Record<Difference, boolean>> = {
    order: first.order !== second.order,
    position: moved,
    version: first.version !== second.version,
    target: first.targetSystem !== second.targetSystem,
  };
  return (Object.keys(differs) as Difference[]).filter((difference) => differs[difference]);
}

/** Ids of the fewest changes that were applied elsewhere in the sequence than on the other side. */
function outOfPosition(
  first: ReadonlyMap<string, RecordedChange>,
  second: ReadonlyMap<string, RecordedChange>,
): ReadonlySet<string> {
  const at = (change: RecordedChange | undefined): number => change?.applied?.sequence ?? 0;
  const common = [...first.values()]
    .filter((change) => at(change) > 0 && at(second.get(change.id)) > 0)
    .sort((a, b) => at(a) - at(b))
    .map(({ id }) => ({ id, at: at(second.get(id)) }));
  const kept = new Set(longestRise(common.map((change) => change.at)));
  return new Set(common.filter(({ at: place }) => !kept.has(place)).map(({ id }) => id));
}

/** The longest part of a list of different numbers that rises. */
function longestRise(numbers: readonly number[]): readonly number[] {
  // `ends[n]`: where the rise of n + 1 numbers ends that ends lowest so far; `before`: what comes before each in its rise.
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const number of numbers) {
    const reached = ends.findIndex((end) => end > number);
    const length = reached < 0 ? ends.length : reached;
    before.set(number, ends[length - 1]);
    ends[length] = number;
  }
  const rise: number[] = [];
  for (let number = ends.at(-1); number !== undefined; number = before.get(number)) rise.unshift(number);
  return rise;
}
