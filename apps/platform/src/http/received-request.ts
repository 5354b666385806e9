import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The longest body that is kept and understood, in bytes. */
export const BODY_LIMIT = 64 * 1024;

/** A request of which nothing more will arrive. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they were sent, undecoded. */
  readonly target: string;
  readonly contentType: string | undefined;
  /** False when the connection ended before the request did. Such a request is never executed. */
  readonly complete: boolean;
  readonly body: ReceivedBody;
}

export interface ReceivedBody {
  /** The whole body, or its beginning where `length` is above {@link BODY_LIMIT}. */
  readonly bytes: Buffer;
  readonly length: number;
  /** SHA-256 of all that arrived, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Waits for the end of a request, or of its connection; never rejects.
 *
 * What exceeds the limit is read and dropped: an answer given in the middle of an upload is lost to most
 * clients, which see a broken connection instead of the 413.
 */
export function receiveRequest(message: IncomingMessage): Promise<ReceivedRequest> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const hash = createHash('sha256');
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      if (length <= BODY_LIMIT) chunks.push(chunk);
      length += chunk.length;
    });
    message.on('close', () => {
      resolve({
        method: message.method ?? '',
        target: message.url ?? '',
        contentType: message.headers['content-type'],
        complete: message.complete,
        body: { bytes: Buffer.concat(chunks), length, sha256: hash.digest('hex') },
      });
    });
  });
}
