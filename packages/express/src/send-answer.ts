import { bodyText, type HttpAnswer } from '@flamingock/core/hosting';
import type { HandlerResponse } from './express-application.js';

/** Sends an answer as it is: `response.json()` would add an ETag, and answer a probe with 304. */
export function sendAnswer(response: HandlerResponse, answer: HttpAnswer<object | string>): void {
  const text = bodyText(answer);
  response.statusCode = answer.statusCode;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-length', String(Buffer.byteLength(text)));
  response.end(text);
}
