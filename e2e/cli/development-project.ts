import { readFileSync, writeFileSync } from 'node:fs';
import { cp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Sandbox } from '../harness/sandbox.mjs';
import type { Postgres } from '../../tools/services/postgres.mjs';
import { CommandLine, type Finished } from './command-line.js';
import { openDatabase } from './project/open-database.js';

/** A copy of the project of a developer, whose changes can be edited. */
export class DevelopmentProject {
  readonly sandbox: Sandbox;
  readonly #commandLine: CommandLine;
  readonly #addresses: Readonly<Record<'audit' | 'shop', string>>;

  private constructor(sandbox: Sandbox, addresses: Readonly<Record<'audit' | 'shop', string>>) {
    this.sandbox = sandbox;
    this.#addresses = addresses;
    this.#commandLine = new CommandLine({
      FLAMINGOCK_ENV: 'local',
      AUDIT_URL: addresses.audit,
      SHOP_URL: addresses.shop,
    });
  }

  /** @param server where the databases are; `undefined`: in files of SQLite */
  static async open(server: Postgres | undefined): Promise<DevelopmentProject> {
    const sandbox = await Sandbox.open();
    for (const folder of ['development', 'project'])
      await cp(join(import.meta.dirname, folder), sandbox.path(folder), { recursive: true });
    await symlink(join(import.meta.dirname, '../../node_modules'), sandbox.path('node_modules'));
    const database = async (name: string): Promise<string> =>
      server === undefined ? sandbox.path(`${name}.db`) : (await server.createDatabase()).url;
    return new DevelopmentProject(sandbox, { audit: await database('audit'), shop: await database('shop') });
  }

  run(...parameters: readonly string[]): Promise<Finished> {
    return this.with({}).run(...this.#here(parameters));
  }

  json(...parameters: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    return this.with({}).json(...this.#here(parameters));
  }

  start(
    environment: Readonly<Record<string, string>>,
    ...parameters: readonly string[]
  ): ReturnType<CommandLine['start']> {
    return this.with(environment).start(...this.#here(parameters));
  }

  terminal(
    parameters: readonly string[],
    ...rest: [Parameters<CommandLine['terminal']>[1]]
  ): ReturnType<CommandLine['terminal']> {
    return this.#commandLine.terminal(this.#here(parameters), ...rest);
  }

  /** Edits the file of a change. */
  edit(name: string, from: string, to: string): void {
    const file = this.sandbox.path('development', 'changes', `${name}.ts`);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`${name} holds nothing like: ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  /** The rows of a query in the shop's database. */
  async query(sql: string): Promise<readonly unknown[]> {
    const { database, end } = openDatabase(this.#addresses.shop);
    try {
      if ('exec' in database) return database.prepare(sql).all();
      return (await database.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await end();
    }
  }

  /** Drops a database with everything in it, and makes it anew. */
  async drop(which: 'audit' | 'shop'): Promise<void> {
    const address = this.#addresses[which];
    const { database, end } = openDatabase(address);
    if ('query' in database) await database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await end();
    if (!('query' in database)) await rm(address);
  }

  private with(environment: Readonly<Record<string, string>>): CommandLine {
    return this.#commandLine.with(environment);
  }

  #here(parameters: readonly string[]): readonly string[] {
    return [...parameters, '-c', this.sandbox.path('development', 'flamingock.config.ts')];
  }
}
