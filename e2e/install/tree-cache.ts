import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What npm has installed for a project from other people's packages, from one run to the next: one archive for each
 * project, named for its `package.json`. An archive, because thousands of files would be found by every search of the
 * workspace, and it has to be unpacked elsewhere anyway.
 */
export class TreeCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Unpacks `node_modules` into the project: whether there was one for this `package.json`. */
  async restore(project: string, name: string): Promise<boolean> {
    const archive = await this.#archive(project, name);
    if (!existsSync(archive)) return false;
    await run('tar', ['-xf', archive, '-C', project]);
    return true;
  }

  /** Keeps `node_modules` of the project, in place of what was kept for it before. */
  async keep(project: string, name: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const archive = await this.#archive(project, name);
    const partial = `${archive}.${process.pid}`;
    // What is packed here is new in each run.
    await run('tar', ['-cf', partial, '--exclude=node_modules/@flamingock', '-C', project, 'node_modules']);
    for (const file of await readdir(this.#folder))
      if (file.startsWith(`${name}.`) && file !== basename(partial)) await rm(join(this.#folder, file));
    await rename(partial, archive);
  }

  async #archive(project: string, name: string): Promise<string> {
    const manifest = await readFile(join(project, 'package.json'));
    const hash = createHash('sha256').update(manifest).digest('hex');
    return join(this.#folder, `${name}.${hash.slice(0, 16)}.tar`);
  }
}
