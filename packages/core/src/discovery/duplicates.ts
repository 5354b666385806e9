import type { Finding } from '../change/finding.js';
import { FlamingockError } from '../errors.js';

/** One problem for each id and each order that more than one declaration has. */
export function duplicates(findings: readonly Finding[]): FlamingockError[] {
  return [
    ...shared(findings, (finding) => finding.id).map(
      ([id, places]) =>
        new FlamingockError({
          code: 'FLG_CHANGE_ID_DUPLICATE',
          message: `The id '${id}' is declared by ${places}.`,
          hint: 'Give each change an id of its own; keep the id of the one that was applied anywhere.',
        }),
    ),
    ...shared(findings, (finding) => finding.order).map(
      ([order, places]) =>
        new FlamingockError({
          code: 'FLG_CHANGE_ORDER_DUPLICATE',
          message: `The order ${order} is declared by ${places}.`,
          hint: 'Give each change an order of its own; leading zeros make no difference.',
        }),
    ),
  ];
}

/** The values that several findings have, each with the places where it is declared. */
function shared(
  findings: readonly Finding[],
  valueOf: (finding: Finding) => string | undefined,
): readonly (readonly [string, string])[] {
  const places = new Map<string, string[]>();
  for (const finding of findings) {
    const value = valueOf(finding);
    if (value !== undefined) places.set(value, [...(places.get(value) ?? []), finding.source]);
  }
  return [...places]
    .filter(([, sources]) => sources.length > 1)
    .map(([value, sources]) => [value, sources.join(' and ')]);
}
