/** A path that is served before the sequence is complete: the path itself, or a pattern that it matches. */
export type OpenPath = string | RegExp;

/**
 * The origin in the request to a proxy (RFC 9112, 3.2.2), which no router looks at. A plain one: in `http://shop;orders/…`
 * routers end the host at different characters, and would serve another path than the one that is open.
 */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]+(?=[/?#]|$)/i;
const DOT_SEGMENT = /(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\]|%2f|%5c|$)/i;

/**
 * Tells whether a request's path is let through. A text means that very path, with or without a slash at its end; one
 * that ends in `/*` means everything below it.
 *
 * @param url the path of a request, with or without a query
 */
export function isOpenPath(url: string, open: readonly OpenPath[]): boolean {
  const path = url.replace(ORIGIN, '').split(/[?#]/, 1)[0] ?? '';
  // A router that resolves `/open/../orders` would serve another path than the one that is open.
  if (DOT_SEGMENT.test(path)) return false;
  return open.some((one) => {
    // Without its state: a pattern with the flag `g` would else answer differently the next time.
    if (typeof one !== 'string') return new RegExp(one.source, one.flags.replace(/[gy]/g, '')).test(path);
    if (one.endsWith('/*')) return path.startsWith(one.slice(0, -1));
    return path === one || path === `${one}/`;
  });
}
