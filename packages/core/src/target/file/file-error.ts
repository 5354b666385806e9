import { isObject } from '../../is-object.js';

const BRAND = Symbol.for('flamingock.file-error');

/** What was asked of a file that could not be done. Tells never what is in it. Known by {@link isFileError}. */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** The system's (`EROFS`, `EACCES`), or one that begins with `FILE_`. */
  readonly code: string;
  /** Below the directory of the target. */
  readonly path: string;

  constructor(parts: { readonly code: string; readonly path: string; readonly reason: string }) {
    super(`${parts.path} ${parts.reason}`);
    this.code = parts.code;
    this.path = parts.path;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Tells whether a value is a failure of `TargetFiles`, whichever copy of this package raised it.
 *
 * @example
 * files.write('routes.json', ROUTES, { ifHolds: null }).catch((error: unknown) => {
 *   if (!isFileError(error) || error.code !== 'FILE_CHANGED') throw error;
 * })
 */
export function isFileError(value: unknown): value is FileError {
  return isObject(value) && BRAND in value;
}

/** The same as something that a person can read, without the folders of the machine. */
export function fileError(error: unknown, path: string, what: string): unknown {
  const code = codeOf(error);
  return code === undefined || isFileError(error)
    ? error
    : new FileError({ code, path, reason: `${what} (${code})` });
}

/** What is had of a file; `undefined` where there is none. Whatever else hinders is no answer, and stays an error. */
export async function unlessGone<T>(had: Promise<T>): Promise<T | undefined> {
  try {
    return await had;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of an error of the file system. */
export function codeOf(error: unknown): string | undefined {
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
