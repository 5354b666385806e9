import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { usage } from '../../frame/usage.js';

/** What is asked of Git; nothing of it changes the repository. */
export class Git {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** The repository around a directory; `undefined` where there is none, or no Git. */
  static async around(directory: string): Promise<Git | undefined> {
    const top = await git(directory, ['rev-parse', '--show-toplevel']);
    return top === undefined ? undefined : new Git(top.trim());
  }

  /** The hash of a commit; `undefined` where nothing is called like this. */
  async commit(name: string): Promise<string | undefined> {
    const found = await this.#ask(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    return found?.trim();
  }

  /** Throws `FLG_USAGE` where nothing is called like this. */
  async knownCommit(name: string): Promise<string> {
    const found = await this.commit(name);
    if (found !== undefined) return found;
    throw usage(`Git knows no '${name}'.`, 'Name a branch or a commit that is there: origin/main.');
  }

  /** What a branch at a commit is called; `undefined` where none is there. */
  async branchAt(commit: string): Promise<string | undefined> {
    const names = await this.#ask([
      'for-each-ref',
      '--points-at',
      commit,
      '--format=%(refname:short)',
      'refs/heads',
      'refs/remotes',
    ]);
    return names?.split('\n').find((name) => name !== '' && !name.endsWith('/HEAD'));
  }

  /** The last commit that two have in common; `undefined` where they have none. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    return (await this.#ask(['merge-base', one, other]))?.trim();
  }

  /** Tells whether the branch is the one that others are merged into. */
  async isOnMainline(): Promise<boolean> {
    const branch = (await this.#ask(['symbolic-ref', '--short', '--quiet', 'HEAD']))?.trim();
    const origin = await this.#ask(['symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD']);
    const mainline = origin === undefined ? ['main', 'master'] : [origin.trim().replace(/^origin\//, '')];
    return branch !== undefined && mainline.includes(branch);
  }

  /**
   * A file as a commit has it; `undefined` where the commit has none.
   *
   * @param file an absolute path
   */
  async fileAt(commit: string, file: string): Promise<string | undefined> {
    return this.#ask(['show', `${commit}:${await this.#inside(file)}`]);
  }

  /** Tells whether a file belongs to the sources: Git knows it, or would, because nothing tells it to ignore it. */
  async isSource(file: string): Promise<boolean> {
    const listed = await this.#ask(['ls-files', '-co', '--exclude-standard', '--', file]);
    return listed !== undefined && listed.trim() !== '';
  }

  /** Absolute paths of the modules among the sources that hold a text. */
  async modulesWith(text: string): Promise<readonly string[]> {
    const found = await this.#ask([
      ...['grep', '-lzIF', '--untracked', '--full-name', '-e', text, '--'],
      ...['js', 'cjs', 'mjs', 'jsx', 'ts', 'cts', 'mts', 'tsx'].map((ending) => `*.${ending}`),
    ]);
    return (found ?? '').split('\0').flatMap((path) => (path === '' ? [] : [resolve(this.#directory, path)]));
  }

  /** A path from the top of the repository, as Git writes it; a folder may be reached by a symbolic link. */
  async #inside(file: string): Promise<string> {
    const folder = await realpath(dirname(file));
    return [...relative(this.#directory, folder).split(sep), basename(file)].filter(Boolean).join('/');
  }

  #ask(parameters: readonly string[]): Promise<string | undefined> {
    return git(this.#directory, parameters);
  }
}

/** What Git answers; `undefined` where it says no, or is not there. */
async function git(directory: string, parameters: readonly string[]): Promise<string | undefined> {
  try {
    const options = { cwd: directory, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    const { stdout } = await promisify(execFile)('git', [...parameters], options);
    return stdout;
  } catch {
    return undefined;
  }
}
