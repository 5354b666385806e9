import { usage } from '../../frame/usage.js';
import { joined, wordsOf } from '../../sources/words.js';

/** Longer ones do not fit into the names of files everywhere. */
const LONGEST = 100;

/** The words of a name that was typed, in any casing. Throws `FLG_USAGE` for what no file and no class can be called. */
export function nameWords(typed: string): readonly string[] {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(typed) && typed.length <= LONGEST) return wordsOf(typed);
  if (typed.length > LONGEST)
    throw usage(
      `The name has ${typed.length} characters, and ${LONGEST} are the most.`,
      'Say shortly what the change does; its file has room for the rest.',
    );
  const words = wordsOf(
    ascii(typed)
      .replace(/^_?\d+_*/, '')
      .replace(/\.[cm]?[jt]s$/, ''),
  );
  const meant = joined(words, 'pascal');
  throw usage(
    `'${typed}' is no name for a change: it begins with a letter, and has letters, digits, - and _; its order is found for it.`,
    `For example: flamingock new ${/^[A-Za-z]/.test(meant) ? meant : 'AddPaymentMethodColumn'}`,
  );
}

/** Letters without their marks: `a` of `ä`. */
function ascii(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
