import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { CommandLine, type Finished } from './command-line.js';

const PROJECT = join(import.meta.dirname, 'project');
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The sample project in a Git repository of its own, on the branch `main`, with its `changes.lock`. */
export class Repository {
  readonly directory: string;
  readonly #commandLine: CommandLine;

  private constructor(directory: string, environment: Readonly<Record<string, string>>) {
    this.directory = directory;
    this.#commandLine = new CommandLine(environment);
  }

  /** @param environment where the project finds its systems, if a test asks for any */
  static async make(
    directory: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Repository> {
    await cp(PROJECT, directory, { recursive: true });
    await symlink(MODULES, join(directory, 'node_modules'));
    await writeFile(join(directory, '.gitignore'), 'node_modules\ndist\n');
    const repository = new Repository(directory, environment);
    await repository.git('init', '--quiet', '--initial-branch=main');
    await repository.run('check', '--fix');
    await repository.commit('The project');
    return repository;
  }

  /** The same repository with something else in the environment of its commands. */
  with(environment: Readonly<Record<string, string>>): Repository {
    return new Repository(this.directory, environment);
  }

  /** Runs a command of the command line over the project. */
  run(...parameters: readonly string[]): Promise<Finished> {
    return this.#commandLine.run(...parameters, '-c', join(this.directory, 'flamingock.config.ts'));
  }

  /** Runs a command that answers with JSON. */
  async json(...parameters: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse((await this.run(...parameters, '--json')).stdout) as Readonly<Record<string, unknown>>;
  }

  /** Codes of what `check` finds. */
  async codes(): Promise<readonly string[]> {
    const { problems } = await this.json('check');
    return (problems as readonly { readonly code: string }[]).map(({ code }) => code);
  }

  /** On `main` a change takes `_0043__`, on the branch `discount` another one does; leaves `main` checked out. */
  async branch(): Promise<void> {
    await this.git('checkout', '--quiet', '-b', 'discount');
    await this.addClass('_0043__AddDiscount', 'add-discount', 'discount');
    expect(await this.run('check', '--fix')).toMatchObject({ code: 0 });
    await this.commit('Discount');
    await this.git('checkout', '--quiet', 'main');
    await this.addFunction('_0043__AddAddress', 'add-address', 'address');
    expect(await this.run('check', '--fix')).toMatchObject({ code: 0 });
    await this.commit('Address');
  }

  /** Expects that both changes of {@link branch} are there, one above the other, and that all is in order. */
  async inOrder(below: string, above: string): Promise<void> {
    expect((await this.locked()).slice(3)).toEqual([`0043 ${below}`, `0044 ${above}`]);
    expect(await this.run('check')).toMatchObject({ code: 0 });
  }

  /** Runs Git; resolves with what it prints, also where it ends with a conflict. */
  async git(...parameters: readonly string[]): Promise<string> {
    const person = ['-c', 'user.name=jane', '-c', 'user.email=jane@example.org'];
    const variables = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_EDITOR: 'true' };
    const options = { cwd: this.directory, env: variables };
    return promisify(execFile)('git', [...person, ...parameters], options).then(
      ({ stdout }) => stdout,
      (error: unknown) => String((error as { readonly stdout?: unknown }).stdout),
    );
  }

  async commit(message: string): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--message', message);
  }

  /** @param file from the top of the repository */
  async write(file: string, text: string): Promise<void> {
    await mkdir(join(this.directory, file, '..'), { recursive: true });
    await writeFile(join(this.directory, file), text);
  }

  read(file: string): Promise<string> {
    return readFile(join(this.directory, file), 'utf8');
  }

  remove(file: string): Promise<void> {
    return rm(join(this.directory, file));
  }

  /** Names of what stands in the directory of changes, in order. */
  async changes(): Promise<readonly string[]> {
    return (await readdir(join(this.directory, 'changes'))).sort();
  }

  /** The lines of `changes.lock` that are changes. */
  async locked(): Promise<readonly string[]> {
    const text = await this.read('changes.lock');
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  /** A change as a decorated class, in its file. */
  addClass(name: string, id: string, column: string): Promise<void> {
    return this.write(
      `changes/${name}.ts`,
      `import { Apply, Change, Rollback, TargetSystem } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

@Change({ id: '${id}' })
@TargetSystem('orders-db')
export class ${name} {
  @Apply()
  async apply(orders: SqlExecutor): Promise<void> {
    await orders.query('ALTER TABLE orders ADD COLUMN ${column} integer');
  }

  @Rollback()
  async rollback(orders: SqlExecutor): Promise<void> {
    await orders.query('ALTER TABLE orders DROP COLUMN ${column}');
  }
}
`,
    );
  }

  /** A change as a function, in its file. */
  addFunction(name: string, id: string, column: string): Promise<void> {
    return this.write(
      `changes/${name}.ts`,
      `import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';

export default defineChange({
  id: '${id}',
  targetSystem: 'orders-db',
  inject: { orders: SqlExecutor },
  async apply({ orders }) {
    await orders.query('ALTER TABLE orders ADD COLUMN ${column} integer');
  },
});
`,
    );
  }
}
