import { Problem } from './http/problem.js';

const FIELD_NAME = /^[A-Za-z]\w*$/;

/** The name of a field in an API, or a `Problem` 400. */
export function readFieldName(name: unknown): string {
  if (typeof name !== 'string' || !FIELD_NAME.test(name)) {
    throw new Problem(400, 'A field name begins with a letter and goes on with letters, digits and _.');
  }
  return name;
}
