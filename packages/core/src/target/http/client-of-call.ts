import { CallTasks } from '../call-tasks.js';
import type { ClientUse } from '../target.js';
import { HttpClient, type HttpRequest } from './http-client.js';
import { HttpError } from './http-error.js';
import { IdempotencyKeys } from './idempotency-key.js';
import type { RequestPerformer } from './perform-request.js';

/** The client of one call of a change. */
export class ClientOfCall {
  readonly client: HttpClient;
  readonly #tasks = new CallTasks();

  constructor(use: ClientUse, performer: RequestPerformer) {
    const call = { use, keys: new IdempotencyKeys(use) };
    this.client = new HttpClient((request, wanted) =>
      this.#tasks.do(
        () => performer.perform(request, call),
        wanted,
        () => tooLate(request),
      ),
    );
  }

  /** See {@link CallTasks.during}. */
  during(call: () => Promise<void>): Promise<void> {
    return this.#tasks.during(call);
  }
}

function tooLate({ method, path }: HttpRequest): HttpError {
  return new HttpError({
    method,
    path: path.replace(/[?#].*$/s, ''),
    code: 'HTTP_OVER',
    reason: 'was not sent: the call of the change that it belongs to is over',
  });
}
