import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, ask } from './answer.js';
import { until } from './waiting.js';

/** One request after the other, all the time, and what became of each. */
export class Traffic {
  /** Statuses, and silences. */
  readonly #outcomes: string[] = [];
  firstServed: Answer | undefined;
  #stopped = false;

  constructor(url: string) {
    void this.#send(url);
  }

  /** Outcomes that are none of these, each once. */
  others(...expected: readonly string[]): readonly string[] {
    return [...new Set(this.#outcomes)].filter((outcome) => !expected.includes(outcome));
  }

  /** Until so many more requests have been sent and answered, or not. */
  async more(count: number): Promise<void> {
    const enough = this.#outcomes.length + count;
    await this.#until('requests are sent', () => this.#outcomes.length >= enough);
  }

  /** Until the last request has come to this. */
  async untilLast(outcome: string): Promise<void> {
    await this.#until(
      `a request gets: ${outcome} (they got: ${this.others().join(', ')})`,
      () => this.#outcomes.at(-1) === outcome,
    );
  }

  stop(): void {
    this.#stopped = true;
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    await until(async () => (isSo() ? true : undefined), { what, patienceMs: 10_000 });
  }

  async #send(url: string): Promise<void> {
    while (!this.#stopped) {
      const answer = await ask(url, 'GET', 400);
      this.#outcomes.push(typeof answer === 'string' ? answer : String(answer.status));
      if (typeof answer !== 'string' && answer.status !== 503) this.firstServed ??= answer;
      await pause(10);
    }
  }
}
