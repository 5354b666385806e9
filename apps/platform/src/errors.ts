/** What can keep the platform from starting. */
export type PlatformErrorCode =
  | 'PLATFORM_ENVIRONMENT_INVALID'
  | 'PLATFORM_DATA_UNUSABLE'
  | 'PLATFORM_STATE_UNREADABLE'
  | 'PLATFORM_PORT_UNAVAILABLE';

/** A failure that a person can mend: `message` says what is wrong, `hint` what to do. */
export class PlatformError extends Error {
  readonly code: PlatformErrorCode;
  readonly hint: string;

  constructor(code: PlatformErrorCode, message: string, hint: string) {
    super(message);
    this.name = 'PlatformError';
    this.code = code;
    this.hint = hint;
  }
}

/** The code of an error of Node's own (`ENOENT`, `EADDRINUSE`), or its message where it has none. */
export function systemErrorCode(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
