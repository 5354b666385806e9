import { request } from 'node:http';

/** What came of a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** What became of a request that was not answered: nobody listened, the connection broke, or nobody said anything in time. */
export type Silence = 'refused' | 'broken' | 'silent';

/**
 * Sends a request on a connection of its own.
 *
 * @param timeoutMs how long it may take in all
 */
export function ask(url: string, method = 'GET', timeoutMs = 2_000): Promise<Answer | Silence> {
  return new Promise((resolve) => {
    const asking = request(url, { method, agent: false, signal: AbortSignal.timeout(timeoutMs) });
    asking.on('error', (error: NodeJS.ErrnoException) => {
      resolve(SILENCES[error.code ?? ''] ?? 'broken');
    });
    asking.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', () => {
        resolve('broken');
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    asking.end();
  });
}

const SILENCES: Readonly<Record<string, Silence>> = { ECONNREFUSED: 'refused', ABORT_ERR: 'silent' };
