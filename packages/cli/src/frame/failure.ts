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

/** What is known of the call that failed. */
export interface FailedCall {
  /** The environment that was asked for, if any: commands to type are told for it. */
  readonly environment?: string | undefined;
  /** What no message may hold. */
  readonly secrets?: readonly string[];
  /** Whether to tell where it was thrown, too. */
  readonly verbose?: boolean;
}

/** Tells why a command failed, to the person or to the program, and returns what to end the process with. */
export function tellFailure(
  output: Output,
  error: unknown,
  { environment, secrets = [], verbose = false }: FailedCall = {},
): ExitCode {
  const told = isFlamingockError(error) ? toldError(error) : unexpected(error, secrets);
  const known = { ...told, hint: atEnvironment(told.hint, environment) };
  if (output.json) output.data(JSON.stringify({ ok: false, schemaVersion: SCHEMA_VERSION, error: known }));
  const { bold, red, dim } = output.noteColours;
  output.note(`${red('✘')} ${bold(known.code)}: ${known.message}\n  ${dim('->')} ${known.hint}`);
  if (verbose) for (const line of thrownAt(error, secrets)) output.note(dim(line));
  return isFlamingockError(error) ? exitCodeOf(error.code) : EXIT.OUR_FAULT;
}

/** The core does not know how the command line is called: what it says to type is completed, so that it can be pasted. */
function atEnvironment(hint: string, environment: string | undefined): string {
  if (environment === undefined || environment === '') return hint;
  return hint.replace(/`(flamingock [a-z][^`]*)`/g, (quoted, command: string) =>
    /\s(?:-e|--environment|--help)\b/.test(command) ? quoted : `\`${command} -e ${environment}\``,
  );
}

/** Where an error comes from, and what caused it: places alone, because the texts of foreign errors hold payloads. */
function thrownAt(error: unknown, secrets: readonly string[]): readonly string[] {
  const redactor = new Redactor(secrets);
  const lines: string[] = [];
  for (let link = error; link instanceof Error && lines.length < 100; link = link.cause) {
    if (link !== error) lines.push(`  caused by ${redactor.record(link).name}`);
    lines.push(...(link.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)));
  }
  return lines.map((line) => redactor.redact(line));
}

function unexpected(error: unknown, secrets: readonly string[]): ToldError {
  const { name, message } = new Redactor(secrets).record(error);
  return {
    code: 'FLG_INTERNAL',
    message: `Something failed in a way that this software does not expect: ${name}: ${message}.`,
    hint: 'Report it with this message; it is a defect of Flamingock or of an adapter.',
  };
}
