import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Observation } from '../../change/observation.js';
import { CallTasks } from '../call-tasks.js';
import type { ClientUse } from '../target.js';
import { fileError, FileError, unlessGone } from './file-error.js';
import type { FileEffects } from './file-effects.js';
import { type Located, locate } from './locate.js';
import { removeFile, replaceFile } from './replace-file.js';

/** How a file is written. */
export interface WriteOptions {
  /**
   * What it must hold, or `null` where there must be none; otherwise `FILE_CHANGED` and nothing is written. `undefined` is
   * refused (`FILE_OPTION`).
   */
  readonly ifHolds?: string | null;
  /** Of a file that is not there yet. Default 0o644. One that is there keeps its mode and owner. */
  readonly mode?: number;
}

const NOT_WRITTEN = 'was not written';
const NOT_REMOVED = 'was not removed';

/**
 * Files below the directory of a `fileTarget`, by paths relative to it. What is written is there as a whole or not at all,
 * whatever happens meanwhile. Everything throws a `FileError` with a `code`: the system's, or `FILE_PATH`, `FILE_DIRECTORY`,
 * `FILE_OUTSIDE`, `FILE_KIND`, `FILE_MANAGED`, `FILE_OWNER`, `FILE_OPTION`, `FILE_CHANGED`, `FILE_SUPERSEDED`, `FILE_OVER`.
 *
 * @example
 * apply: ({ files }) => files.write('routes.json', ROUTES),
 * verify: ({ files }) => files.verify('routes.json', ROUTES),
 */
export class TargetFiles {
  readonly #directory: string;
  readonly #use: ClientUse | undefined;
  readonly #effects: FileEffects;
  readonly #tasks: CallTasks;

  constructor(directory: string, use: ClientUse | undefined, effects: FileEffects, tasks = new CallTasks()) {
    this.#directory = directory;
    this.#use = use;
    this.#effects = effects;
    this.#tasks = tasks;
  }

  /** The text of a file; `undefined` where there is none. */
  read(path: string): Promise<string | undefined> {
    return this.#task(path, 'was not read', () => this.#read(path));
  }

  /**
   * Writes a file as a whole, and returns its text before. One that holds the same already is left alone. Its folder must
   * be there.
   */
  write(path: string, content: string | Uint8Array, options: WriteOptions = {}): Promise<string | undefined> {
    return this.#task(path, NOT_WRITTEN, () => this.#write(path, content, options));
  }

  /**
   * Writes what is made of the text that is there, `undefined` where there is no file, and returns that. A writer that
   * came in between is not overwritten: `FILE_CHANGED`, and nothing is written.
   */
  edit(
    path: string,
    make: (text: string | undefined) => string | Promise<string>,
    options: Pick<WriteOptions, 'mode'> = {},
  ): Promise<string | undefined> {
    // One task: between reading and writing it must not look as if nothing of it were under way.
    return this.#task(path, NOT_WRITTEN, async () => {
      const before = await this.#read(path);
      return this.#write(path, await make(before), { ...options, ifHolds: before ?? null });
    });
  }

  /** Removes a file, and returns its text before; `undefined` where there was none. */
  remove(path: string, options: { readonly ifHolds?: string } = {}): Promise<string | undefined> {
    return this.#task(path, NOT_REMOVED, () => this.#remove(path, options));
  }

  /**
   * Tells whether a file holds this content. One that holds something else is `NOT_APPLIED`; where `before` says what it
   * held before the change, everything but that and the content is `UNKNOWN`: somebody else has written it since. Within an
   * undo it is so without `before` too, unless there is no file.
   *
   * @param before its text before the change, `null` where there was no file
   */
  async verify(path: string, content: string, before?: string | null): Promise<Observation> {
    const has = await this.read(path);
    if (has === content) return { verdict: 'APPLIED' };
    const known =
      before === undefined ? has === undefined || this.#use?.of !== 'undo' : has === (before ?? undefined);
    const differences = [
      `${path}: want sha256 ${hashOf(content)}, has ${has === undefined ? 'no file' : hashOf(has)}`,
    ];
    return { verdict: known ? 'NOT_APPLIED' : 'UNKNOWN', differences };
  }

  #read(path: string): Promise<string | undefined> {
    return this.#tried(path, 'was not read', async () => {
      const located = await unlessGone(locate(this.#directory, path));
      return located === undefined ? undefined : (await contentOf(located.file))?.toString('utf8');
    });
  }

  #write(path: string, content: string | Uint8Array, options: WriteOptions): Promise<string | undefined> {
    return this.#tried(path, NOT_WRITTEN, async () => {
      const wanted = Buffer.from(content);
      const mustHold = isExpected(path, options);
      const located = await this.#locateToWrite(path);
      const before = await contentOf(located.file);
      if (mustHold && !same(before, asContent(options.ifHolds))) throw changed(path);
      if (same(before, wanted)) return before?.toString('utf8');
      await replaceFile(located, {
        content: wanted,
        mode: options.mode ?? 0o644,
        lastLook: () => this.#lastLook(located, before, mustHold, NOT_WRITTEN),
      });
      return before?.toString('utf8');
    });
  }

  #remove(path: string, options: { readonly ifHolds?: string }): Promise<string | undefined> {
    return this.#tried(path, NOT_REMOVED, async () => {
      const mustHold = isExpected(path, options);
      const located = await this.#locateToWrite(path);
      const before = await contentOf(located.file);
      if (mustHold && !same(before, asContent(options.ifHolds))) throw changed(path);
      if (before === undefined) return undefined;
      await removeFile(located, () => this.#lastLook(located, before, mustHold, NOT_REMOVED));
      return before.toString('utf8');
    });
  }

  /** What the call is not over before. */
  #task<T>(path: string, what: string, task: () => Promise<T>): Promise<T> {
    return this.#tasks.do(
      task,
      (value) => value,
      () => tooLate(path, what),
    );
  }

  /** What counts as a failure of the files where it fails: not the caller's own, such as that of what an edit makes. */
  async #tried<T>(path: string, what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      this.#effects.failed();
      throw fileError(error, path, what);
    }
  }

  async #locateToWrite(path: string): Promise<Located> {
    const located = await locate(this.#directory, path);
    if (!located.managed) return located;
    throw new FileError({
      code: 'FILE_MANAGED',
      path,
      reason: 'is in a volume that is replaced as a whole (..data): change it where it comes from',
    });
  }

  async #lastLook(
    located: Located,
    before: Buffer | undefined,
    mustHold: boolean,
    what: string,
  ): Promise<void> {
    if (mustHold && !same(await contentOf(located.file), before)) throw changed(located.path);
    // Whoever has the lock now may be about to write: a process that was stopped until here must not come after it.
    this.#use?.signal.throwIfAborted();
    if (this.#tasks.over.aborted) throw tooLate(located.path, what);
    this.#effects.begin(located.file, before);
  }
}

/** The content of a file; `undefined` where there is none. */
export function contentOf(file: string): Promise<Buffer | undefined> {
  return unlessGone(readFile(file));
}

/** Tells whether a file must hold something. A text that was lost on the way must not count as none that is wanted. */
function isExpected(path: string, options: { readonly ifHolds?: string | null | undefined }): boolean {
  if (!('ifHolds' in options)) return false;
  if (options.ifHolds !== undefined) return true;
  throw new FileError({
    code: 'FILE_OPTION',
    path,
    reason: 'was left alone: ifHolds is undefined; pass null where there must be no file, or leave it out',
  });
}

function asContent(text: string | null | undefined): Buffer | undefined {
  return text === null || text === undefined ? undefined : Buffer.from(text);
}

/** Tells whether two contents are the same, or are both missing. */
function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function tooLate(path: string, what: string): FileError {
  return new FileError({
    code: 'FILE_OVER',
    path,
    reason: `${what}: the call of the change that it belongs to is over`,
  });
}

function changed(path: string): FileError {
  return new FileError({
    code: 'FILE_CHANGED',
    path,
    reason: 'was left alone: it does not hold what it was to hold, somebody else has written it',
  });
}
