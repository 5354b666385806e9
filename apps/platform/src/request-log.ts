import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { systemErrorCode } from './errors.js';
import type { ReceivedRequest } from './http/received-request.js';

/** Up to this length, in bytes, a body is logged itself; above it, its digest. */
const LOGGED_BODY_LIMIT = 1024;

export interface LoggedRequest {
  /** ISO 8601. */
  readonly time: string;
  readonly method: string;
  /** With the query, as it was sent. */
  readonly path: string;
  /** What was answered; `null` where the connection ended before the request did: nothing was executed. */
  readonly status: number | null;
  readonly body?: string;
  /** `sha256:` and the hexadecimal digest, in place of a long body. */
  readonly bodyDigest?: string;
}

/** An append-only file of JSON lines: every request that reached a service, in the order of the answers. */
export class RequestLog {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    cutTornLine(file);
  }

  append(request: ReceivedRequest, status: number | null): void {
    const entry: LoggedRequest = {
      time: new Date().toISOString(),
      method: request.method,
      path: request.target,
      status,
      ...loggedBody(request.body),
    };
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** All entries from this index on. */
  entries(since = 0): LoggedRequest[] {
    return linesOf(this.#file)
      .slice(since)
      .map((line) => JSON.parse(line) as LoggedRequest);
  }
}

function loggedBody({
  bytes,
  length,
  sha256,
}: ReceivedRequest['body']): Pick<LoggedRequest, 'body' | 'bodyDigest'> {
  if (length === 0) return {};
  return length <= LOGGED_BODY_LIMIT ? { body: bytes.toString('utf8') } : { bodyDigest: `sha256:${sha256}` };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function linesOf(file: string): string[] {
  return contentOf(file).toString('utf8').split('\n').slice(0, -1);
}

/** A machine that stopped in the middle of an append leaves half a line, to which the next one would be glued. */
function cutTornLine(file: string): void {
  const content = contentOf(file);
  const whole = content.lastIndexOf('\n') + 1;
  if (whole < content.length) truncateSync(file, whole);
}
