import { type FlamingockError, isFlamingockError } from '@flamingock/core';
import { Redactor } from '@flamingock/core/desk';
import type { Output } from '../terminal/output.js';
import { SCHEMA_VERSION } from './answer.js';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.js';

/** An error as `--json` tells it. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly problems?: readonly ToldError[];
}

/** What an error looks like to a program. */
export function toldError({ code, message, hint, problems }: FlamingockError): ToldError {
  const [before, after] = [`${code}: `, `\n  -> ${hint}`];
  const text = message.slice(
    message.startsWith(before) ? before.length : 0,
    message.endsWith(after) ? -after.length : undefined,
  );
  return {
    code,
    message: text,
    hint,
    ...(problems.length === 0 ? {} : { problems: problems.map(toldError) }),
  };
}

/** Tells why a command failed, to the person or to the program, and returns what to end the process with. */
export function tellFailure(output: Output, error: unknown): ExitCode {
  const known = isFlamingockError(error) ? toldError(error) : unexpected(error);
  if (output.json) output.data(JSON.stringify({ ok: false, schemaVersion: SCHEMA_VERSION, error: known }));
  const { bold, red, dim } = output.noteColours;
  output.note(`${red('✘')} ${bold(known.code)}: ${known.message}\n  ${dim('->')} ${known.hint}`);
  return isFlamingockError(error) ? exitCodeOf(error.code) : EXIT.OUR_FAULT;
}

function unexpected(error: unknown): ToldError {
  const { name, message } = new Redactor([]).record(error);
  return {
    code: 'FLG_INTERNAL',
    message: `Something failed in a way that this software does not expect: ${name}: ${message}.`,
    hint: 'Report it with this message; it is a defect of Flamingock or of an adapter.',
  };
}
