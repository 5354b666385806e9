import type { RecordedError } from '@flamingock/core';

/** What the ledger keeps of an error, in one line. */
export function errorLine({ name, code, message, at }: RecordedError): string {
  const coded = code === undefined || message.includes(code) ? '' : ` (${code})`;
  return `${name}: ${message}${coded}${at === undefined ? '' : ` at ${at}`}`;
}
