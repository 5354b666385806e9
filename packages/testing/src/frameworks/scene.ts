import type { FrameworkAbility } from './abilities.js';
import { type Answer, ask } from './answer.js';
import type { FrameworkDeployment, FrameworkHarness, FrameworkProcess, StartOptions } from './harness.js';
import { until, within } from './waiting.js';

/** What the three changes leave behind. */
export const EFFECTS = ['1-create', '2-enter', '3-ship'] as const;

/** One case at work: a deployment, and how its processes are brought to where the case looks at them. */
export class FrameworkScene {
  readonly #patienceMs: number;

  constructor(
    readonly harness: FrameworkHarness,
    readonly deployment: FrameworkDeployment,
  ) {
    this.#patienceMs = harness.patienceMs ?? 30_000;
  }

  can(ability: FrameworkAbility): boolean {
    return this.harness.lacks?.[ability] === undefined;
  }

  /** A process that has applied its changes, and serves. */
  async serving(options?: StartOptions): Promise<FrameworkProcess> {
    const process = await this.deployment.start(options);
    await this.untilServing(process);
    return process;
  }

  /** A process in the middle of its second change. */
  async holding(options?: StartOptions): Promise<FrameworkProcess> {
    const process = await this.deployment.start({ behaviour: 'slow', ...options });
    await this.#within(this.deployment.untilHolding(), 'the second change begins', process);
    return process;
  }

  /** Until a process takes traffic; where it answers no HTTP requests, until it says that it is ready for its own. */
  async untilServing(process: FrameworkProcess): Promise<void> {
    await this.untilWritten(process, /^listening$/);
    if (this.can('http')) await this.untilAnswer(process, '/health/ready', ({ status }) => status === 200);
  }

  /** Rejects also where the process ends before. */
  async untilWritten(process: FrameworkProcess, pattern: RegExp): Promise<void> {
    const early = process.ended.then((ending) => {
      throw new Error(`the process has ended (${ending}) and has not written ${String(pattern)}`);
    });
    const written = Promise.race([process.untilWritten(pattern), early]);
    await this.#within(written, `it writes ${String(pattern)}`, process);
  }

  /** The first answer to a path that is as wanted. */
  async untilAnswer(
    process: FrameworkProcess,
    path: string,
    isWanted: (answer: Answer) => boolean,
  ): Promise<Answer> {
    return until(
      async () => {
        const answer = await ask(`${process.url}${path}`);
        return typeof answer !== 'string' && isWanted(answer) ? answer : undefined;
      },
      { what: `${path} is answered as wanted`, patienceMs: this.#patienceMs, process },
    );
  }

  untilEnded(process: FrameworkProcess): ReturnType<() => FrameworkProcess['ended']> {
    return this.#within(process.ended, 'the process ends', process);
  }

  /** Until something about the deployment is so. */
  async untilTrue(what: string, look: () => Promise<boolean>): Promise<void> {
    await until(async () => ((await look()) ? true : undefined), { what, patienceMs: this.#patienceMs });
  }

  #within<T>(event: Promise<T>, what: string, process: FrameworkProcess): Promise<T> {
    return within(event, { what, patienceMs: this.#patienceMs, process });
  }
}
