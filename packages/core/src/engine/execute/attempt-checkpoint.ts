import type { Checkpoint, JsonValue } from '../../change/change-context.js';
import { FlamingockError, hasCode } from '../../errors.js';
import type { AuditSession, CheckpointWriter } from '../../ledger/audit-store.js';
import { checkpointFloor } from '../../ledger/checkpoint-floor.js';
import type { LedgerState } from '../../ledger/fold.js';
import { orAbort } from '../../lock/or-abort.js';
import { type AssignedChange, place } from '../../plan/assign-target.js';
import type { Lease } from '../../lock/lease.js';
import type { EngineContext } from '../context.js';

const MAX_BYTES = 16_384;

/** The run that a checkpoint is kept in. */
interface CheckpointRun {
  readonly engine: EngineContext;
  readonly lease: Lease;
  readonly session: AuditSession;
  /** The ledger as it was when the run began. */
  readonly ledger: LedgerState;
}

/**
 * The checkpoint of a change as one attempt has it. The attempt claims it with the sequence of its `STARTED` before it
 * reads it; from then on no older one can save any more, however long its process was stopped.
 */
export class AttemptCheckpoint implements Checkpoint {
  readonly #run: CheckpointRun;
  readonly #change: AssignedChange;
  #claim: { readonly sequence: number; readonly text: string | undefined } | undefined;
  #revision = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(run: CheckpointRun, change: AssignedChange) {
    this.#run = run;
    this.#change = change;
  }

  /** @param sequence of the attempt's own `STARTED`; nothing happens for a change that is not resumable */
  async claim(sequence: number): Promise<void> {
    if (!this.#change.resumable) return;
    const { key } = this.#run.engine;
    const found = await this.#request((writer) => writer.claim(key, this.#change.id, sequence));
    if (found === undefined) throw this.#run.lease.lose('a later run has claimed a checkpoint');
    const counts = found.savedBy > checkpointFloor(this.#run.ledger, this.#change);
    this.#claim = { sequence, text: counts ? found.text : undefined };
  }

  /** Its change is not called any more: what it saves from now on would be saved in another's name. */
  end(): void {
    this.#over = true;
  }

  async load<T extends JsonValue = JsonValue>(): Promise<T | undefined> {
    const { text } = this.#claimed();
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  async save(value: JsonValue): Promise<void> {
    const { sequence } = this.#claimed();
    const text = this.#textOf(value);
    const { key } = this.#run.engine;
    const revision = (this.#revision += 1);
    // One after the other, and each knows its place: one that was sent and is late must not come over its successor.
    const saved = this.#turn.then(() =>
      this.#request((writer) => writer.save(key, this.#change.id, { sequence, revision, text })),
    );
    this.#turn = saved.catch(() => undefined);
    if (!(await saved)) throw this.#run.lease.lose('a later run has claimed a checkpoint');
    this.#claim = { sequence, text };
  }

  #claimed(): { readonly sequence: number; readonly text: string | undefined } {
    if (this.#claim !== undefined && !this.#over) return this.#claim;
    throw this.#invalid(
      this.#over ? 'its attempt is over' : 'it has none',
      this.#over
        ? 'Await everything that the change begins.'
        : 'Only apply() of a change with transactional: false and resumable: true has one.',
    );
  }

  #textOf(value: JsonValue): string {
    const hint = 'Save a place to go on from, such as the last id, and nothing secret.';
    let text: string | undefined;
    try {
      text = JSON.stringify(value);
    } catch {
      text = undefined;
    }
    if (text === undefined) throw this.#invalid('the value cannot be kept as JSON', hint);
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BYTES) throw this.#invalid(`the value has ${bytes} bytes, more than ${MAX_BYTES}`, hint);
    if (this.#run.engine.redactor.finds(text)) throw this.#invalid('the value holds a secret', hint);
    return text;
  }

  /** A request may be repeated: it says the same again. After a lost reply that is done on another connection. */
  async #request<T>(send: (writer: CheckpointWriter) => Promise<T>): Promise<T> {
    const { engine, lease, session } = this.#run;
    const { access } = engine;
    const on = ({ checkpoints }: AuditSession): Promise<T> => {
      if (checkpoints === undefined)
        throw new TypeError(`The ${engine.store.kind} store keeps no checkpoints`);
      return access.bounded(() => orAbort(send(checkpoints), lease.signal));
    };
    await lease.confirm();
    try {
      return await on(session);
    } catch {
      lease.assertHeld();
    }
    try {
      const other = await access.openSession();
      try {
        return await on(other);
      } finally {
        await access.closeSession(other);
      }
    } catch (error) {
      lease.assertHeld();
      throw hasCode(error, 'FLG_LOCK_LOST') ? error : unsaved();
    }
  }

  #invalid(why: string, hint: string): FlamingockError {
    return new FlamingockError({
      code: 'FLG_CHECKPOINT_INVALID',
      message: `The checkpoint of ${place(this.#change)} was refused: ${why}.`,
      hint,
    });
  }
}

function unsaved(): FlamingockError {
  return new FlamingockError({
    code: 'FLG_STORE_WRITE',
    message: 'The audit store did not take or give a checkpoint.',
    hint: 'Bring the audit store back and start again: the change goes on from what it has saved last.',
  });
}
