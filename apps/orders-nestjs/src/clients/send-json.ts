/** Answered with something other than 2xx. */
export class RequestRefused extends Error {
  constructor(
    method: string,
    url: string,
    readonly status: number,
  ) {
    super(`${method} ${new URL(url).pathname} was answered with ${status}`);
    this.name = 'RequestRefused';
  }
}

/** Sends one request, with a JSON body if there is one, and reads the JSON answer. Throws {@link RequestRefused}. */
export async function sendJson(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new RequestRefused(method, url, response.status);
  }
  return response.json();
}
