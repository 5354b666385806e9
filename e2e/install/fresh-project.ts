import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SERVER_MISSING } from '../../tools/services/installation.mjs';
import { ownEnvironment } from './own-environment.js';
import { TreeCache } from './tree-cache.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** How npm says that it did not reach its registry. */
const UNREACHABLE =
  /npm error code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)/;

/** No call of npm may take longer; in milliseconds. */
const TIMEOUT = 300_000;

/** The compiled part of better-sqlite3, which takes a minute to make where no built one is offered. */
const BINDING = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

interface FreshProjectOptions {
  readonly cache?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * A project of a user: a copy of a folder, in a temporary folder where nothing of this workspace can be found, with the
 * packages in `flamingock/` as they would be published. Its `package.json` says all that is installed.
 */
export class FreshProject {
  readonly #template: string;
  readonly #cache: string;
  readonly #environment: NodeJS.ProcessEnv;
  #directory = '';

  /**
   * @param template the folder
   * @param options.cache where trees are kept from one run to the next; default: in the workspace's `node_modules`
   * @param options.environment of npm, beside that of the machine; default: nothing
   */
  constructor(template: string, options: FreshProjectOptions = {}) {
    this.#template = template;
    this.#cache = options.cache ?? join(root, 'node_modules/.cache/fresh-projects');
    this.#environment = options.environment ?? {};
  }

  /**
   * Installs as npm does where nobody passes over conflicts of peer dependencies. What other people have published is
   * kept from one run to the next, what is published here is packed and resolved each time.
   *
   * @throws {Error} with the code `SERVER_MISSING` where the registry cannot be reached
   */
  async install(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), `flamingock-${basename(this.#template)}-`));
    try {
      await cp(this.#template, this.#directory, { recursive: true });
      await this.#pack();
      await this.#installPacked();
    } catch (error) {
      const unreachable = await this.#unreachable();
      await this.remove();
      if (unreachable === undefined) throw error;
      await this.#noteUnreachable();
      const message = `npm does not reach its registry (${unreachable}), which a fresh project needs.`;
      throw Object.assign(new Error(message), { code: SERVER_MISSING });
    }
  }

  /**
   * Runs a script of the project's `package.json`: what it wrote on standard output, line by line. Rejects with all that
   * it wrote where it fails.
   */
  async script(name: string, environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
    return (await this.#npm(['run', '--silent', name], environment)).trimEnd().split('\n');
  }

  /** Rejects with what `npm ls` has to say against the installed tree: packages that are missing, or do not fit. */
  async checkTree(): Promise<void> {
    await this.#npm(['ls', '--all']);
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Packs the packages of the workspace that the project names. */
  async #pack(): Promise<void> {
    const manifest = await readFile(join(this.#directory, 'package.json'), 'utf8');
    const names = [...manifest.matchAll(/file:flamingock\/(\w+)\.tgz/g)].map(([, name]) => String(name));
    if (names.length === 0) return;
    const packed = join(this.#directory, 'flamingock');
    await mkdir(packed);
    const folders = names.map((name) => `./packages/${name}`);
    const output = await this.#npm(['pack', '--json', '--pack-destination', packed, ...folders], {}, root);
    for (const { name, filename } of JSON.parse(output) as { name: string; filename: string }[])
      await rename(join(packed, filename), join(packed, `${basename(name)}.tgz`));
  }

  async #installPacked(): Promise<void> {
    const name = basename(this.#template);
    const cache = new TreeCache(this.#cache);
    const known = await cache.restore(this.#directory, name);

    // Scripts are left out: the one of better-sqlite3 would compile it.
    await this.#npm(['install', '--strict-peer-deps', '--ignore-scripts', '--prefer-offline']);
    const has = (file: string) => existsSync(join(this.#directory, 'node_modules', file));
    if (has('node') && !has('node/bin')) await this.#npm(['rebuild', 'node']);
    if (!known) await cache.keep(this.#directory, name);
    if (has('better-sqlite3')) await this.#placeBinding();
  }

  async #placeBinding(): Promise<void> {
    const file = join(this.#directory, BINDING);
    await mkdir(dirname(file), { recursive: true });
    await copyFile(join(root, BINDING), file);
  }

  async #npm(args: string[], environment: NodeJS.ProcessEnv = {}, cwd = this.#directory): Promise<string> {
    const env = { ...ownEnvironment(), ...this.#environment, ...environment };
    try {
      return (await run('npm', args, { cwd, env, timeout: TIMEOUT, maxBuffer: 64 * 1024 * 1024 })).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /**
   * Why the registry cannot be reached; `undefined` where it answers. It is asked once more, because an installation
   * that misses an answer may call that a conflict.
   */
  async #unreachable(): Promise<string | undefined> {
    try {
      await this.#npm(['view', 'npm', 'name', '--prefer-online']);
      return undefined;
    } catch (error) {
      return UNREACHABLE.exec((error as Error).message)?.[1];
    }
  }

  /** The gate depends on this file, so that it does not take a result with skipped tests from its cache next time. */
  async #noteUnreachable(): Promise<void> {
    await mkdir(this.#cache, { recursive: true });
    await writeFile(join(this.#cache, 'unreachable'), new Date().toISOString());
  }
}
