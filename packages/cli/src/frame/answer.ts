import type { Colours } from '../terminal/output.js';
import { EXIT, type ExitCode } from './exit-code.js';

/** Counted up when a field of the answers is renamed, taken away, or means something else. */
export const SCHEMA_VERSION = 1;

/** What a command has found out or done. */
export interface Answer {
  /** The same facts as `screen`, for programs: see the package's `schemas`. */
  readonly data: object;
  /** What stdout shows to people; loaded libraries and all only where somebody looks. */
  readonly screen: (colours: Colours) => string | Promise<string>;
  /** Default 0. */
  readonly exit?: ExitCode;
}

/** The one object of `--json`. */
export function jsonOf(command: string, { data, exit = EXIT.DONE }: Answer): object {
  return { ok: exit === EXIT.DONE, schemaVersion: SCHEMA_VERSION, command, ...data };
}
