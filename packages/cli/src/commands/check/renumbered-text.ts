import { type Change, normaliseOrder } from '@flamingock/core/desk';

/** What a change file holds after it was renumbered. */
export interface RenumberedText {
  readonly text: string;
  /** Different from before only where the id itself began with the order: `0043-add-total`. */
  readonly id: string;
}

/**
 * The text of a change file with another order: in the name of the class and wherever else the change is named, in the
 * option `order`, and in an id that begins with it. Whether that is all of it shows when the file is read again.
 */
export function renumberedText(text: string, change: Change, order: string): RenumberedText {
  const id = renumberedId(change, order);
  const literal = new RegExp(`(['"\`])${escaped(change.id)}\\1`, 'g');
  return {
    id,
    text: renamed(text, change, order)
      .replace(
        new RegExp(`(\\border\\s*:\\s*)((['"]?)0*)${change.order}(n?\\3)(?=\\s*[,})\\n])`, 'g'),
        (_, key: string, before: string, quote: string, after: string) =>
          `${key}${quote}${padded(order, before.length - quote.length + change.order.length)}${after}`,
      )
      .replace(literal, (_, quote: string) => `${quote}${id}${quote}`),
  };
}

/** A text in which a change goes by its new name: `_0043__AddTotal` becomes `_0044__AddTotal`, with as many digits. */
export function renamed(text: string, { name, order: before }: Change, order: string): string {
  const names = new RegExp(`(?<![\\w$])_(0*${before})__${escaped(name)}(?![\\w$])`, 'g');
  return text.replace(names, (_, digits: string) => `_${padded(order, digits.length)}__${name}`);
}

function renumberedId({ id, order: before }: Change, order: string): string {
  const [, lead = '', digits = ''] = /^(_?)(\d+)/.exec(id) ?? [];
  if (digits === '' || normaliseOrder(digits) !== before) return id;
  return `${lead}${padded(order, digits.length)}${id.slice(lead.length + digits.length)}`;
}

function padded(order: string, width: number): string {
  return order.padStart(width, '0');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
