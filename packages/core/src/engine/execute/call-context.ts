import { ChangeContext, type Checkpoint } from '../../change/change-context.js';
import { displayName } from '../../change/change.js';
import type { Logger } from '../../logger.js';
import type { Attempt } from '../run-context.js';
import type { ProgressReport } from './progress-report.js';

/** What a method of a change is told about the attempt that it is called in. */
export class CallContext extends ChangeContext {
  readonly changeId: string;
  readonly service: string;
  readonly environment: string;
  readonly tenant: string;
  readonly executionId: string;
  readonly attempt: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly checkpoint: Checkpoint;
  readonly #report: ProgressReport;

  constructor({ run, bound, number, checkpoint }: Attempt, signal: AbortSignal, report: ProgressReport) {
    super();
    const { logger, key } = run.engine;
    const line = (message: string): string => `${displayName(bound.change)}: ${message}`;
    this.changeId = bound.change.id;
    this.service = key.service;
    this.environment = key.environment;
    this.tenant = key.tenant;
    this.executionId = run.executionId;
    this.attempt = number;
    this.signal = signal;
    this.checkpoint = checkpoint;
    this.#report = report;
    this.log = {
      info: (message) => {
        logger.info(line(message));
      },
      warn: (message) => {
        logger.warn(line(message));
      },
      error: (message) => {
        logger.error(line(message));
      },
    };
  }

  progress(done: number, total?: number, note?: string): void {
    this.#report.take(done, total, note);
  }
}
