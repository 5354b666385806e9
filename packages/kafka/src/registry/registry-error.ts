/** What a {@link RegistryError} is made of. */
export interface RegistryErrorParts {
  readonly code: string;
  readonly status?: number;
  readonly message: string;
}

/**
 * A request to the schema registry that brought no success, or one that was not made because of what the registry holds.
 * Tells what was asked and the registry's own explanation, and never a header or a body that was sent.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  /**
   * `REGISTRY_40403` with the `error_code` of an answer; `HTTP_503` for an answer without one; the system's or undici's
   * code where there was no answer: `ECONNREFUSED`, `ETIMEDOUT`; `REGISTRY_INCOMPATIBLE` for a schema that its test
   * refuses; `REGISTRY_CONFLICT` where somebody else has made another one; `REGISTRY_AUTH` where the credentials could not
   * be had.
   */
  readonly code: string;
  /** Of the answer; `undefined` where there was none. */
  readonly status: number | undefined;

  constructor({ code, status, message }: RegistryErrorParts) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
