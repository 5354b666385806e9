import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Sandbox } from '../harness/sandbox.mjs';
import type { Mariadb } from '../../tools/services/mariadb.mjs';
import type { Mongodb } from '../../tools/services/mongodb.mjs';
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
  static async open(
    { manifest, files = {} }: StarterFiles,
    server?: Postgres | Mariadb | Mongodb,
  ): Promise<Starter> {
    const sandbox = await Sandbox.open();
    const url = server === undefined ? undefined : (await server.createDatabase()).url;
    const starter = new Starter(sandbox, {
      FLAMINGOCK_ENV: '',
      DATABASE_FILE: sandbox.path('orders.db'),
      ...(url === undefined ? {} : { DATABASE_URL: url, MONGODB_URL: url }),
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
  node(...parameters: readonly string[]): Promise<string> {
    return this.#run(process.execPath, parameters, {
      ...process.env,
      ...this.commandLine.environment,
      FLAMINGOCK_ENV: 'local',
    });
  }

  /** Runs lines that somebody types in the folder, in a shell that knows nothing of it; rejects where one fails. */
  shell(script: string): Promise<string> {
    return this.#run('sh', ['-ec', script], { ...process.env });
  }

  async #run(
    program: string,
    parameters: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<string> {
    const { stdout } = await promisify(execFile)(program, [...parameters], {
      cwd: this.path(),
      env: environment,
    }).catch((error: unknown) => {
      const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
      const called = [basename(program), ...parameters].join(' ');
      throw new Error(`${called} failed:\n${stdout ?? ''}${stderr ?? ''}`);
    });
    return stdout;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}
