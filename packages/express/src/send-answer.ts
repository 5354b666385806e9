import type { HttpAnswer } from '@flamingock/core/hosting';
import type { HandlerResponse } from './express-application.js';

/** Sends an answer as it is: `response.json()` would add an ETag, and answer a probe with 304. */
export function sendAnswer(
  response: HandlerResponse,
  { statusCode, headers, body }: HttpAnswer<object>,
): void {
  const text = JSON.stringify(body);
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-length', String(Buffer.byteLength(text)));
  response.end(text);
}
