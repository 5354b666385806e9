/**
 * What of Express is used, in the shape that its majors 4 and 5 share. Written down here, so that the declarations of this
 * package import no types that an application may not have.
 */
export interface ExpressApplication {
  use(handler: Handler): unknown;
  get(path: string, handler: Handler): unknown;
}

/** A middleware. Those of this package need nothing but Node's own request and response. */
export type Handler = (
  request: HandlerRequest,
  response: HandlerResponse,
  next: (error?: unknown) => void,
) => void;

export interface HandlerRequest {
  /** Without what the router that it is mounted on has matched. */
  readonly url?: string | undefined;
  readonly method?: string | undefined;
}

export interface HandlerResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}
