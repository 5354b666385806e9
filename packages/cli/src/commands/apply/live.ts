import type { FlamingockEvent, FlamingockListener, Logger, Progress } from '@flamingock/core';
import type { Ora } from 'ora';
import type { Output } from '../../terminal/output.js';
import { progressText, type Running } from './progress-text.js';

/**
 * What a person sees of a run. On a terminal a line that lives, with elapsed time, rate and estimate, below the lines
 * that stay; elsewhere those lines alone, with a "still running" now and then.
 */
export class Live {
  #spinner: Ora | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Running | undefined;

  /** Lines that stay: written above the one that lives. */
  logger(output: Output): Logger {
    const line =
      (colour: (text: string) => string) =>
      (message: string): void => {
        const isLive = this.#spinner?.isSpinning === true;
        if (isLive) this.#spinner?.clear();
        output.note(colour(message));
        if (isLive) this.#spinner?.render();
      };
    const { yellow, red } = output.noteColours;
    return { info: line(String), warn: line(yellow), error: line(red) };
  }

  /** Follows the run, where there is a terminal to show it on. */
  async listener(output: Output): Promise<FlamingockListener> {
    if (output.world.stderr.isTTY !== true) return () => undefined;
    const { default: ora } = await import('ora');
    this.#spinner = ora({
      stream: process.stderr,
      discardStdin: false,
      hideCursor: false,
      color: output.noteColours.isColorSupported && 'cyan',
    });
    return (event) => {
      this.#observe(event);
    };
  }

  /** Takes the living line away. */
  end(): void {
    clearInterval(this.#timer);
    this.#spinner?.stop();
  }

  #observe(event: FlamingockEvent): void {
    switch (event.type) {
      case 'waiting':
        this.#show('waiting for the lock');
        return;
      case 'change-started':
      case 'undo-started':
        this.#begin(event.change.displayName);
        return;
      case 'change-progress':
        this.#progress(event.progress);
        return;
      case 'change-applied':
      case 'change-undone':
      case 'change-failed':
      case 'run-finished':
        this.end();
        return;
      default:
      // Everything else is told by the lines that stay.
    }
  }

  #begin(displayName: string): void {
    this.#running = { displayName, since: performance.now(), first: undefined, last: undefined };
    this.#tick();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#tick();
    }, 250);
    // It shows that something runs, and is no reason to go on.
    this.#timer.unref();
  }

  #progress(progress: Progress): void {
    if (this.#running === undefined) return;
    const reported = { ...progress, at: performance.now() };
    this.#running = { ...this.#running, first: this.#running.first ?? reported, last: reported };
    this.#tick();
  }

  #tick(): void {
    if (this.#running !== undefined) this.#show(progressText(this.#running, performance.now()));
  }

  #show(text: string): void {
    if (this.#spinner === undefined) return;
    this.#spinner.text = text;
    if (!this.#spinner.isSpinning) this.#spinner.start();
  }
}
