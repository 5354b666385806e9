/** How a name is put together of its words. */
export type Casing = 'pascal' | 'camel' | 'kebab' | 'snake';

const CASINGS: readonly (readonly [Casing, RegExp])[] = [
  ['kebab', /^[a-z0-9]+(?:-[a-z0-9]+)+$/],
  ['snake', /^[a-z0-9]+(?:_[a-z0-9]+)+$/],
  ['camel', /^[a-z][A-Za-z0-9]*$/],
  ['pascal', /^[A-Z][A-Za-z0-9]*$/],
];

/** The words of a name, however it is put together: `add`, `order`, `v2` of `AddOrderV2`. In lower case. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Puts words together. */
export function joined(words: readonly string[], casing: Casing): string {
  if (casing === 'kebab') return words.join('-');
  if (casing === 'snake') return words.join('_');
  return words
    .map((word, index) =>
      index === 0 && casing === 'camel' ? word : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join('');
}

/** How a name is put together; `undefined` where a single word in lower case, or a strange name, does not tell. */
export function casingOf(name: string): Casing | undefined {
  if (/^[a-z0-9]+$/.test(name)) return undefined;
  return CASINGS.find(([, pattern]) => pattern.test(name))?.[0];
}
