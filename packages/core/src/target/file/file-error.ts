import { isObject } from '../../is-object.js';

/** What was asked of a file that could not be done. Tells never what is in it. */
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
  }
}

/** The same as something that a person can read, without the folders of the machine. */
export function fileError(error: unknown, path: string, what: string): unknown {
  const code = codeOf(error);
  return code === undefined || error instanceof FileError
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
