import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders for the files of tools, until it is removed. */
export class Scratch {
  #root = mkdtempSync(join(tmpdir(), 'flamingock-bench-'));

  /** An empty folder. */
  folder = () => mkdtempSync(join(this.#root, 'files-'));

  remove() {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
