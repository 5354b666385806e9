import { createHash } from 'node:crypto';
import type { Evidence } from '../target.js';

type ReadContent = (file: string) => Promise<Buffer | undefined>;

/** What one call of a change may have done to files, and what is left of it. */
export class FileEffects {
  /** Hashes of what the files held before the call came to each of them. */
  readonly #before = new Map<string, string>();
  #anyFailed = false;

  /** The file is about to be replaced or removed. */
  begin(file: string, content: Buffer | undefined): void {
    if (!this.#before.has(file)) this.#before.set(file, hashOf(content));
  }

  /** Something that was asked of a file was not done. */
  failed(): void {
    this.#anyFailed = true;
  }

  /**
   * What it proves that the call has failed: a failure of the files, and all of them hold what they held before. As with
   * requests, a call in which nothing was seen to fail proves nothing.
   */
  async evidence(read: ReadContent, unfinished: boolean): Promise<Evidence> {
    if (unfinished) return { proof: 'none', settled: false };
    if (!this.#anyFailed) return { proof: 'none', settled: true };
    for (const [file, hash] of this.#before) {
      const now = await read(file).then(hashOf, () => undefined);
      if (now !== hash) return { proof: 'none', settled: true };
    }
    return { proof: 'rejected', settled: true };
  }
}

function hashOf(content: Buffer | undefined): string {
  return content === undefined ? '' : createHash('sha256').update(content).digest('base64');
}
