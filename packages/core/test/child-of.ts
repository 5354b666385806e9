import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A TypeScript file in a process of its own, with everything that it has written. */
export class Child {
  output = '';
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #process: ChildProcessWithoutNullStreams;

  constructor(file: URL, ...args: readonly string[]) {
    const loader = ['--conditions=@flamingock/source', '--import', '@swc-node/register/esm-register'];
    this.#process = spawn(process.execPath, [...loader, fileURLToPath(file), ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#process.emit('wrote');
      });
    }
    this.exited = new Promise((resolve) => {
      this.#process.on('close', (code, signal) => {
        resolve({ code, signal });
        this.#process.emit('wrote');
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Writes a line to its standard input. */
  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Resolves when a text was written; rejects with everything that was where the process ends without it. */
  async wrote(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null)
        throw new Error(`It has ended without '${text}':\n${this.output}`);
      await once(this.#process, 'wrote');
    }
  }
}
