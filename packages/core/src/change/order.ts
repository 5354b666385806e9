/** A place in the sequence and the name of what stands there. */
export interface ChangeName {
  readonly order: string;
  readonly name: string;
}

/** Order and name out of `_0001__AddPaymentMethodColumn`, or `undefined` where the prefix is missing. */
export function parseChangeName(text: string): ChangeName | undefined {
  const match = /^_(\d+)__(.+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { order: normaliseOrder(match[1]), name: match[2] };
}

/** Takes leading zeros away; zero itself stays. Orders may be longer than a safe integer (time stamps are). */
export function normaliseOrder(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** Numeric order of normalised digits: `9` comes before `10`. */
export function compareOrder(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
