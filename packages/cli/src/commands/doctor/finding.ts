import { isFlamingockError } from '@flamingock/core';
import { Redactor } from '@flamingock/core/desk';
import { toldError } from '../../frame/failure.js';

/** `unknown`: it could not be looked at, which another finding explains, or nothing there can be asked. */
export type Severity = 'ok' | 'warning' | 'error' | 'unknown';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at: `store`. */
  readonly check: string;
  readonly severity: Severity;
  /** Of an error of this software. */
  readonly code?: string;
  readonly message: string;
  /** What to do about it; of a warning and an error. */
  readonly fix?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, severity: 'ok', message };
}

export function unknown(check: string, message: string): Finding {
  return { check, severity: 'unknown', message };
}

export function warning(check: string, message: string, fix: string): Finding {
  return { check, severity: 'warning', message, fix };
}

export function failure(check: string, message: string, fix: string): Finding {
  return { check, severity: 'error', message, fix };
}

/**
 * An error as findings: several problems that were found together are several findings.
 *
 * @param secrets what a message of somebody else must not show
 */
export function failures(check: string, error: unknown, secrets: readonly string[] = []): readonly Finding[] {
  if (!isFlamingockError(error)) {
    const { name, message } = new Redactor(secrets).record(error);
    return [failure(check, `${name}: ${message}`, 'Remove the cause, and repeat the command.')];
  }
  const { code, problems } = error;
  if (code === 'FLG_SEVERAL_PROBLEMS')
    return problems.flatMap((problem) => failures(check, problem, secrets));
  const { message, hint } = toldError(error);
  return [{ check, severity: 'error', code, message, fix: hint }];
}
