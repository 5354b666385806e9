import http from 'node:http';
import https from 'node:https';
import axios from 'axios';

/** Sends one request; rejects where there is no answer and for every status from 300 on. */
export type Send = (method: string, url: string, timeoutMs?: number) => Promise<void>;

const BODY = '{"field":"paymentMethod"}';

/** How applications speak HTTP; none of them knows anything of us. */
export const CLIENTS: Readonly<Record<string, Send>> = {
  fetch: withFetch,
  axios: withAxios,
  'node:http': withNodeHttp,
};

async function withFetch(method: string, url: string, timeoutMs = 10_000): Promise<void> {
  const body = method === 'GET' ? {} : { body: BODY };
  const response = await fetch(url, { method, ...body, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  await response.text();
}

async function withAxios(method: string, url: string, timeoutMs = 10_000): Promise<void> {
  await axios.request({ method, url, data: method === 'GET' ? undefined : BODY, timeout: timeoutMs });
}

function withNodeHttp(method: string, url: string, timeoutMs = 10_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? https.request : http.request;
    const request = send(url, { method, timeout: timeoutMs }, (response) => {
      const { statusCode = 0 } = response;
      response.once('error', reject);
      response
        .once('end', () => (statusCode < 300 ? resolve() : reject(new Error(`status ${statusCode}`))))
        .resume();
    });
    request.once('timeout', () => request.destroy(new Error('timed out')));
    request.once('error', reject);
    request.end(method === 'GET' ? undefined : BODY);
  });
}
