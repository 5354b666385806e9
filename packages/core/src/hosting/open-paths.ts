/** A path that is served before the sequence is complete: the path itself, or a pattern that it matches as a whole. */
export type OpenPath = string | RegExp;

/** A request, as Node and the frameworks have it. */
export interface GateRequest {
  readonly method?: string | undefined;
  /** The path, with or without a query. */
  readonly url?: string | undefined;
  /** Of these only what the client accepts counts: a person's browser is answered what a person can read. */
  readonly headers?: { readonly accept?: string | undefined } | undefined;
}

/** Those of probes and files. Whatever else a path may be asked for can change something, and waits. */
const OPEN_METHODS: readonly (string | undefined)[] = ['GET', 'HEAD'];

/**
 * What a router may take for another path than the one that is open: `/open/../orders`, and `/open/..;/orders`, of which
 * some of them read no further than the semicolon.
 */
const AMBIGUOUS = /;|(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\]|%2f|%5c|$)/i;

/** Tells whether an open path is open for what a request wants of it. */
export function isOpenMethod({ method }: GateRequest): boolean {
  return OPEN_METHODS.includes(method);
}

/**
 * Tells whether a request is let through. A text means that very path, with or without a slash at its end; one that ends
 * in `/*` means everything below it; a pattern has to match all of the path. A request that names a host, as to a proxy,
 * never is: routers end the host at different characters.
 */
export function isOpen(request: GateRequest, open: readonly OpenPath[]): boolean {
  const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
  if (!isOpenMethod(request) || !path.startsWith('/') || AMBIGUOUS.test(path)) return false;
  return open.some((one) => {
    if (typeof one !== 'string') return whole(one).test(path);
    if (one.endsWith('/*')) return path.startsWith(one.slice(0, -1));
    return path === one || path === `${one}/`;
  });
}

/** Tells whether a pattern says by itself where it begins and ends. */
export function isAnchored({ source }: RegExp): boolean {
  return source.startsWith('^') && source.endsWith('$');
}

/** Of `^/a|b$` each half has only one end. Without state: a pattern with the flag `g` would answer differently each time. */
function whole({ source, flags }: RegExp): RegExp {
  return new RegExp(`^(?:${source})$`, flags.replace(/[gmy]/g, ''));
}
