/** Colours, as this software writes them, or else whatever moves a cursor, turns a text around or hides it. */
const COLOUR_OR_CONTROL =
  /(\u001B\[[\d;]*m)|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]/g;

/**
 * A text for a terminal in which everything shows: ids, reasons and messages of other systems are in the ledger as they
 * were given, and must not pretend to be something else on somebody's screen.
 */
export function visibleText(text: string): string {
  return text.replace(
    COLOUR_OR_CONTROL,
    (found, colour?: string) => colour ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
