import type { Command } from 'commander';

/** Who overrides something, and why. */
export interface PersonOptions {
  readonly confirm?: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** The options of every command that overrides something. */
export function withPerson(command: Command): Command {
  return command
    .option('--confirm <environment>', 'the name of the environment, to say that it is meant')
    .option('--actor <name>', 'who you are; recorded')
    .option('--reason <text>', 'why; recorded');
}
