/**
 * The command line as a function, for the binary and for whoever embeds it.
 *
 * @packageDocumentation
 */
import { Console } from 'node:console';
import { Output } from './terminal/output.js';
import type { World } from './terminal/terminal.js';
import { Frame } from './frame/frame.js';
import { EXIT } from './frame/exit-code.js';

/**
 * Runs one command and returns the exit code; never throws. From then on `console` writes to stderr, because stdout
 * is for data, and a change or an application may talk.
 *
 * @param parameters what stands behind the name of the binary
 */
export async function main(parameters: readonly string[]): Promise<number> {
  globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
  const world: World = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    variables: process.env,
    directory: process.cwd(),
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onLostReader);
  const frame = new Frame(world);
  const { program } = await import('./program.js');
  const { CommanderError } = await import('commander');
  try {
    await program(frame, world).parseAsync(parameters, { from: 'user' });
    return frame.exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.DONE;
    const { tellFailure } = await import('./frame/failure.js');
    const { usage } = await import('./frame/usage.js');
    const output = new Output(world, { json: parameters.includes('--json'), colour: true });
    if (!(error instanceof CommanderError)) return tellFailure(output, error);
    // Its help was written already.
    const isBare = error.code === 'commander.help';
    const message = isBare
      ? 'No command was named'
      : error.message.replace(/^error: /, '').replace(/\n.*$/s, '');
    const hint = /Did you mean .*\?/.exec(error.message)?.[0] ?? 'See `flamingock --help`.';
    return tellFailure(output, usage(`${message.replace(/\.$/, '')}.`, hint.replace(/^\(|\)$/g, '')));
  }
}

/**
 * A reader that has seen enough (`| head`) ends nothing: a change may be under way, and the exit code still tells what
 * became of it. Where the text could not be kept (a full disk), what was asked for was not done.
 */
function onLostReader({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.once('exit', () => {
    if (process.exitCode === EXIT.DONE) process.exitCode = EXIT.COULD_NOT;
  });
}
