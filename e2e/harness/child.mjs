import { spawn } from 'node:child_process';

/**
 * One real process, with everything that it has written.
 */
export class Child {
  /** What it wrote to both of its streams, a line each, in the order of arrival. */
  lines = /** @type {string[]} */ ([]);
  /**
   * How it ended; resolves when all of its output is here.
   *
   * @readonly
   * @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
   */
  exited;

  #process;
  #name;
  #listeners = /** @type {Set<() => void>} */ (new Set());
  #ended = false;

  /**
   * @param {string} name for messages
   * @param {readonly string[]} args of `node`
   * @param {Readonly<Record<string, string>>} environment beside `PATH`; nothing else is inherited
   */
  constructor(name, args, environment) {
    this.#name = name;
    this.#process = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#collect(this.#process.stdout);
    this.#collect(this.#process.stderr);
    this.exited = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('close', (code, signal) => {
        this.#ended = true;
        this.#notify();
        resolve({ code, signal });
      });
    });
  }

  get processId() {
    return this.#process.pid ?? 0;
  }

  /** `null` while it runs, and when a signal ended it. */
  get exitCode() {
    return this.#process.exitCode;
  }

  get output() {
    return this.lines.join('\n');
  }

  /**
   * The first line that matches, whether it was written before or comes yet; `undefined` when the process ends
   * without one. Rejects with the whole output when that takes too long.
   *
   * @param {RegExp} pattern
   * @param {number} [timeoutMs] default 30 000
   * @returns {Promise<RegExpExecArray | undefined>}
   */
  lineOrEnd(pattern, timeoutMs = 30_000) {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      const look = () => {
        const match = this.lines.map((line) => pattern.exec(line)).find((found) => found !== null);
        if (match === undefined && !this.#ended) return;
        done();
        resolve(match);
      };
      const timer = setTimeout(() => {
        done();
        reject(this.#without(pattern, `has run for ${timeoutMs} ms`));
      }, timeoutMs);
      this.#listeners.add(look);
      look();
    });
  }

  /**
   * As {@link lineOrEnd}, but rejects where the process ends without the line.
   *
   * @param {RegExp} pattern
   */
  async line(pattern) {
    const match = await this.lineOrEnd(pattern);
    if (match === undefined) throw this.#without(pattern, 'has ended');
    return match;
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#process.kill(signal);
  }

  /**
   * Sends a signal and waits for the end.
   *
   * @param {NodeJS.Signals} [signal] default SIGTERM
   */
  stop(signal = 'SIGTERM') {
    this.signal(signal);
    return this.exited;
  }

  /** @param {import('node:stream').Readable} stream */
  #collect(stream) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (/** @type {string} */ chunk) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts);
      this.#notify();
    });
    stream.on('end', () => {
      if (rest !== '') this.lines.push(rest);
    });
  }

  /**
   * @param {RegExp} pattern
   * @param {string} what
   */
  #without(pattern, what) {
    return new Error(`${this.#name} ${what} without a line like ${pattern}. It wrote:\n${this.output}`);
  }

  #notify() {
    for (const listener of [...this.#listeners]) listener();
  }
}
