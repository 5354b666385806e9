/** Name or address in a URL, without the port, in one spelling; `undefined` for what is no URL. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
