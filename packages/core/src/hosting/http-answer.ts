/** What is answered to an HTTP request, for whatever framework sends it. */
export interface HttpAnswer<Body extends object | string> {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as it is where it is a text, and as JSON otherwise: see {@link bodyText}. */
  readonly body: Body;
}

/** What is sent of an answer's body. */
export function bodyText({ body }: HttpAnswer<object | string>): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
