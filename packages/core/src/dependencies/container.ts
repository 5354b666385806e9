import type { Token } from '../change/token.js';

/** Who asks, for messages. */
export interface DependencyRequest {
  readonly token: Token;
  /** `_0003__UpdateOrderApiResponse`. */
  readonly change: string;
  /** Where a person finds the change: its file or its class. */
  readonly source: string;
  /** That of the group that contributes it: the container looks there first. */
  readonly scope?: unknown;
  /** `apply() parameter 1`. */
  readonly position: string;
}

/** A framework's dependency injection, asked last: after the change's target system and the given dependencies. */
export interface Container {
  /** For messages: `Nest`. */
  readonly name: string;
  /** What a person does about a token that the container does not know. */
  readonly hint: string;
  /**
   * The container's own instance, or `undefined` when it knows none. Throws `FLG_DEPENDENCY_SCOPE` for a provider
   * that has no single instance and `FLG_DEPENDENCY_CYCLE` for one that waits for the run.
   */
  resolve(request: DependencyRequest): Promise<{ readonly value: unknown } | undefined>;
  /** Classes that are free of effects, so that a transactional change may ask for them. */
  readonly effectFree?: readonly Token[];
}
