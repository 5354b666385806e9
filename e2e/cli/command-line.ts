import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const BINARY = fileURLToPath(
  new URL('./bin/flamingock.mjs', import.meta.resolve('@flamingock/cli/package.json')),
);
const CONFIG = join(import.meta.dirname, 'project', 'flamingock.config.ts');
const TERMINAL = join(import.meta.dirname, 'terminal.py');

/** How a command ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a person types once something is shown. */
export interface Typed {
  /** A regular expression. */
  readonly expect: string;
  readonly send: string;
}

export const ENTER = '\r';
export const DOWN = '\u001B[B';
export const CTRL_C = '\u0003';

/** The command line as people and pipelines use it: a process of its own, over the sample project. */
export class CommandLine {
  readonly environment: Readonly<Record<string, string>>;
  readonly #directory: string | undefined;

  /**
   * @param environment beside `PATH`: where the project finds its systems
   * @param directory of another project, which finds its configuration by itself
   */
  constructor(environment: Readonly<Record<string, string>>, directory?: string) {
    this.environment = environment;
    this.#directory = directory;
  }

  /** The same project with something else in its environment. */
  with(environment: Readonly<Record<string, string>>): CommandLine {
    return new CommandLine({ ...this.environment, ...environment }, this.#directory);
  }

  /** Runs a command to its end, with pipes. */
  async run(...parameters: readonly string[]): Promise<Finished> {
    return this.start(...parameters).finished;
  }

  /** Runs a command that answers with JSON. */
  async json(...parameters: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.run(...parameters, '--json');
    return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  }

  /** Starts a command with pipes. */
  start(...parameters: readonly string[]): {
    readonly finished: Promise<Finished>;
    readonly signal: (signal: NodeJS.Signals) => void;
    /** Resolves when stderr shows something that matches. */
    readonly shows: (pattern: RegExp) => Promise<void>;
  } {
    const child = spawn(process.execPath, this.#call(parameters), {
      ...(this.#directory === undefined ? {} : { cwd: this.#directory }),
      env: this.#variables(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let shown = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk;
    });
    const out = text(child.stdout);
    return {
      finished: (async () => {
        const [code] = (await once(child, 'close')) as [number | null];
        return { code, stdout: await out, stderr: shown };
      })(),
      signal: (signal) => void child.kill(signal),
      shows: async (pattern) => {
        while (!pattern.test(shown)) {
          if (child.exitCode !== null) throw new Error(`It ended without ${pattern}:\n${shown}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
    };
  }

  /** Runs a command whose stdout, or both streams, are read by one that closes them after the first line. */
  async readOnce(streams: 'stdout' | 'both', ...parameters: readonly string[]): Promise<Finished> {
    const pipe = streams === 'both' ? '2>&1 | head -n 1' : '| head -n 1';
    const script = `"$0" "$@" ${pipe}; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', script, process.execPath, BINARY, '-c', CONFIG, ...parameters], {
      env: this.#variables(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  /** Runs a command on a pseudo-terminal, where somebody types. */
  async terminal(
    parameters: readonly string[],
    steps: readonly Typed[],
  ): Promise<{ readonly code: number; readonly screen: string; readonly raw: string }> {
    const child = spawn('python3', [TERMINAL], {
      ...(this.#directory === undefined ? {} : { cwd: this.#directory }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const command = [process.execPath, ...this.#call(parameters)];
    child.stdin.end(
      JSON.stringify({
        command,
        environment: { ...this.#variables(), TERM: 'xterm' },
        steps,
        timeout: 60,
      }),
    );
    const played = JSON.parse(await text(child.stdout)) as {
      readonly code: number;
      readonly screen: string;
      readonly left: readonly Typed[];
    };
    const screen = stripVTControlCharacters(played.screen).replaceAll('\r', '');
    const [missing] = played.left;
    if (missing !== undefined) throw new Error(`Nothing like ${missing.expect} was shown:\n${screen}`);
    return { code: played.code, screen, raw: played.screen };
  }

  #call(parameters: readonly string[]): readonly string[] {
    return [BINARY, ...(this.#directory === undefined ? ['-c', CONFIG] : []), ...parameters];
  }

  #variables(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_ENV: 'production',
      FLAMINGOCK_ENV: 'production',
      ...this.environment,
    };
  }
}
