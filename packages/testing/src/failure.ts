import assert from 'node:assert/strict';
import { type ErrorCode, hasCode, isFlamingockError } from '@flamingock/core/spi';

/** What a request is rejected with; `undefined` where it is not. */
export async function failureOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => undefined,
    (error: unknown) => error ?? new Error('rejected with nothing'),
  );
}

/** The failure must have one of the codes. */
export function assertCode(error: unknown, ...codes: readonly ErrorCode[]): void {
  const found = error === undefined ? 'that it is accepted' : shown(error);
  assert.ok(
    codes.some((code) => hasCode(error, code)),
    `${codes.join(' or ')} was expected, not ${found}`,
  );
}

/** A connection that has broken tells neither that a request was refused, nor that it may be repeated on it. */
export function assertUnknown(error: unknown): void {
  assert.ok(error !== undefined, 'the reply was lost');
  assert.ok(!isFlamingockError(error), `a broken connection tells nothing, not ${shown(error)}`);
}

function shown(error: unknown): string {
  return String(error);
}
