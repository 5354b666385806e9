import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type MaybeTerminal = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The world that a command is run in. */
export interface World {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: MaybeTerminal;
  readonly stderr: MaybeTerminal;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}

/** Whether a stream shows colours: only a terminal, and not where NO_COLOR is set. */
export function showsColours(stream: MaybeTerminal, variables: World['variables']): boolean {
  const { NO_COLOR: none = '', TERM: term } = variables;
  return stream.isTTY === true && none === '' && term !== 'dumb';
}

/** Whether somebody is there to be asked. */
export function isInteractive({ stdin, stderr }: World): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}
