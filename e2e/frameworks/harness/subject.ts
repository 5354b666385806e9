import type { FrameworkAbility, FrameworkHarness, Lacks } from '@flamingock/testing';

/** An application of the framework contract: see PROTOCOL.md. */
export interface FrameworkSubject {
  /** Framework and major, and what else tells it from the others. */
  readonly name: string;
  readonly hold: 'block' | 'background';
  /** Arguments of `node`. */
  readonly command: readonly string[];
  /** Beside what the protocol gives it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What must be done once before it can be started, such as a build. */
  readonly prepare?: () => Promise<void>;
  /** How it ends when SIGTERM comes while it serves: by that signal, or with an exit code. Default SIGTERM. */
  readonly endsWith?: FrameworkHarness['endsWith'];
  /** How it ends when SIGTERM comes in the middle of a change. Default SIGTERM. */
  readonly drainsWith?: FrameworkHarness['drainsWith'];
  readonly lacks?: Lacks<FrameworkAbility>;
}
