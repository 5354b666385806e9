import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Sandbox } from '../harness/sandbox.mjs';
import type { Mariadb } from '../../tools/services/mariadb.mjs';
import type { Postgres } from '../../tools/services/postgres.mjs';
import { CommandLine } from './command-line.js';

const MODULES = join(import.meta.dirname, '../../node_modules');

/** What a starter makes, by path; the packages stand beside it. */
export interface StarterFiles {
  readonly manifest: { readonly dependencies: Readonly<Record<string, string>> } & Readonly<
    Record<string, unknown>
  >;
  readonly files?: Readonly<Record<string, string>>;
}

/** A folder as the starter of a framework leaves it, with a database that nothing has used yet. */
export class Starter {
  readonly sandbox: Sandbox;
  readonly commandLine: CommandLine;

  private constructor(sandbox: Sandbox, environment: Readonly<Record<string, string>>) {
    this.sandbox = sandbox;
    this.commandLine = new CommandLine(environment, sandbox.path('project'));
  }

  /** @param server where the database is; `undefined`: in a file of SQLite */
  static async open({ manifest, files = {} }: StarterFiles, server?: Postgres | Mariadb): Promise<Starter> {
    const sandbox = await Sandbox.open();
    const starter = new Starter(sandbox, {
      FLAMINGOCK_ENV: '',
      DATABASE_FILE: sandbox.path('orders.db'),
      ...(server === undefined ? {} : { DATABASE_URL: (await server.createDatabase()).url }),
    });
    await starter.write('package.json', JSON.stringify(manifest));
    for (const [path, text] of Object.entries(files)) await starter.write(path, text);
    await symlink(MODULES, starter.path('node_modules'));
    return starter;
  }

  path(...segments: readonly string[]): string {
    return this.sandbox.path('project', ...segments);
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), text);
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  async edit(path: string, from: RegExp | string, to: string): Promise<void> {
    const text = await this.read(path);
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${path} holds nothing like ${String(from)}:\n${text}`);
    await this.write(path, edited);
  }

  /** Runs `node` in the folder; rejects where it fails. */
  async node(...parameters: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [...parameters], {
      cwd: this.path(),
      env: { ...process.env, ...this.commandLine.environment, FLAMINGOCK_ENV: 'local' },
    }).catch((error: unknown) => {
      const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`node ${parameters.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
    });
    return stdout;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}
