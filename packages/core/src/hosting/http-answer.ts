/** What is answered to an HTTP request, for whatever framework sends it. */
export interface HttpAnswer<Body> {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}
