import { readJsonObject } from './json-body.js';
import { Problem } from './problem.js';
import type { ReceivedRequest } from './received-request.js';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** A method and a path with `:parameters`, such as `GET /contracts/:name`. */
type Endpoint = `${Method} /${string}`;

type ParameterOf<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : never;

/** The body as {@link readJsonObject} reads it. A handler that does not ask for the body takes any. */
export type JsonReader = <Key extends string>(...keys: readonly Key[]) => Partial<Record<Key, unknown>>;

/** What a handler sees of a request. */
export interface RoutedRequest<Parameter extends string> {
  readonly parameters: Readonly<Record<Parameter, string>>;
  readonly query: URLSearchParams;
  readonly json: JsonReader;
}

type Handler<Context, Result, Parameter extends string> = (
  context: Context,
  request: RoutedRequest<Parameter>,
) => Result;

interface Route<Context, Result> {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handle: Handler<Context, Result, string>;
}

/** A table of endpoints, and the handler of each. */
export class Router<Context, Result> {
  readonly #routes: Route<Context, Result>[] = [];

  on<E extends Endpoint>(endpoint: E, handle: Handler<Context, Result, ParameterOf<E>>): this {
    const [method = '', path = ''] = endpoint.split(' ');
    this.#routes.push({ method, segments: path.split('/'), handle });
    return this;
  }

  /** Hands the request to its handler. Throws a `Problem`: 404 no such path, 405 not by this method. */
  dispatch(context: Context, request: ReceivedRequest): Result {
    const [path = '', query] = request.target.split('?', 2);
    const segments = path.split('/').map(decodeSegment);
    const candidates = this.#routes.filter((route) => matches(route.segments, segments));
    if (candidates.length === 0) throw new Problem(404, `There is nothing at ${path}.`);

    const route = candidates.find(({ method }) => method === request.method);
    if (route === undefined) {
      const allow = candidates.map(({ method }) => method).join(', ');
      throw new Problem(405, `${path} answers to ${allow} only.`, { headers: { allow } });
    }
    return route.handle(context, {
      parameters: parametersOf(route.segments, segments),
      query: new URLSearchParams(query),
      json: (...keys) => readJsonObject(request, keys),
    });
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem(400, `The percent-encoding of ${segment} in the path is malformed.`);
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  );
}

function parametersOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pattern.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), segments[index] ?? '']] : [])),
  );
}
