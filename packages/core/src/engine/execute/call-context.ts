import { ChangeContext, type Checkpoint } from '../../change/change-context.js';
import { displayName } from '../../change/change.js';
import type { Logger } from '../../logger.js';
import type { BoundChange } from '../../dependencies/binding.js';
import type { RunContext } from '../run-context.js';
import type { ProgressReport } from './progress-report.js';

/** What a call is part of: an attempt, or a look at an applied change. */
export interface Call {
  readonly run: Pick<RunContext, 'engine' | 'executionId'>;
  readonly bound: Pick<BoundChange, 'change'>;
  readonly number: number;
  readonly checkpoint: Checkpoint;
}

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
  readonly progress: ChangeContext['progress'];

  constructor(
    { run, bound, number, checkpoint }: Call,
    signal: AbortSignal,
    report: Pick<ProgressReport, 'take'>,
  ) {
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
    this.progress = (done, total, note) => {
      report.take(done, total, note);
    };
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
}
