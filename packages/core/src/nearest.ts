/**
 * The candidate that a person most likely meant: the one with the smallest edit distance, letter case aside, or
 * `undefined` where none is near (more than a third of the word would have to change).
 *
 * @example
 * nearest('recvery', ['recovery', 'author']); // 'recovery'
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let smallest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < smallest) [best, smallest] = [candidate, distance];
  }
  return best;
}

/** How many names a hint lists at most. */
const LISTED = 20;

/** Says of a name that is not there which one was probably meant, and which there are. */
export function knownNames(word: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none.';
  const similar = nearest(word, known);
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : '';
  return `${similar === undefined ? '' : `Did you mean '${similar}'? `}Known: ${known.slice(0, LISTED).join(', ')}${more}.`;
}

/** How many single letters have to be inserted, deleted or replaced to turn one text into the other. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
