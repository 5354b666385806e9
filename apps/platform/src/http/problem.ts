import { STATUS_CODES } from 'node:http';

/** What is sent back. `body` is written as JSON; without one, the answer has none. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Thrown by a handler that refuses a request. `code` is the service's own error code, if it has any. */
export class Problem extends Error {
  readonly status: number;
  readonly code: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    extra: { readonly code?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = extra.code;
    this.headers = extra.headers ?? {};
  }
}

/** A problem as `application/problem+json` (RFC 9457). */
export function problemReply(problem: Problem): Reply {
  return {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[problem.status],
      status: problem.status,
      detail: problem.message,
    },
  };
}
