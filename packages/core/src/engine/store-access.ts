import { FlamingockError, hasCode, isFlamingockError } from '../errors.js';
import type { AuditSession, AuditStore, EntryColumns, LedgerContent } from '../ledger/audit-store.js';
import type { LedgerKey } from '../ledger/entry.js';
import { orAbort } from '../lock/or-abort.js';
import { pause, type Time } from '../time.js';
import type { Redactor } from '../report/redactor.js';

/**
 * The audit store within a time limit. Every failure to reach it becomes `FLG_STORE_UNREACHABLE`; a busy store
 * is asked again until the limit.
 */
export class StoreAccess {
  readonly #store: AuditStore;
  readonly #timeoutMs: number;
  readonly #redactor: Redactor;
  readonly #time: Time;

  constructor(store: AuditStore, timeoutMs: number, redactor: Redactor, time: Time) {
    this.#store = store;
    this.#timeoutMs = timeoutMs;
    this.#redactor = redactor;
    this.#time = time;
  }

  read(key: LedgerKey, after = 0, declaration?: string): Promise<LedgerContent> {
    return this.bounded(() => this.#store.read(key, after, declaration));
  }

  /** `undefined` for a store that keeps no columns beside the texts. */
  async columns(key: LedgerKey): Promise<readonly EntryColumns[] | undefined> {
    return this.bounded(async () => this.#store.columns?.(key));
  }

  environments(service: string, tenant: string): Promise<readonly string[]> {
    return this.bounded(() => this.#store.environments(service, tenant));
  }

  ledgers(): Promise<readonly LedgerKey[]> {
    return this.bounded(() => this.#store.ledgers());
  }

  initialise(): Promise<void> {
    return this.bounded(() => this.#store.initialise());
  }

  /** A session that opens after the limit is closed again, so that its connection is not lost to the pool. */
  async openSession(): Promise<AuditSession> {
    let late = false;
    const open = async (): Promise<AuditSession> => {
      const session = await this.#store.openSession();
      if (late) await session.close();
      return session;
    };
    return this.bounded(open).catch((error: unknown) => {
      late = true;
      throw error;
    });
  }

  /** Never throws and never waits longer than the limit. */
  async closeSession(session: AuditSession): Promise<void> {
    await this.bounded(() => session.close()).catch(() => undefined);
  }

  /** Runs one request to the store within the limit. Throws `FLG_STORE_UNREACHABLE`, or the store's own coded error. */
  async bounded<T>(request: () => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const timedOut = this.#unreachable(`it did not answer within ${this.#timeoutMs} ms`);
    const cancel = this.#time.after(this.#timeoutMs, () => {
      limit.abort(timedOut);
    });
    const release = this.#time.keepAlive();
    try {
      return await orAbort(this.#whileBusy(request, limit.signal), limit.signal);
    } finally {
      cancel();
      release();
      limit.abort();
    }
  }

  async #whileBusy<T>(request: () => Promise<T>, limit: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await request();
      } catch (error) {
        if (!hasCode(error, 'FLG_STORE_BUSY')) {
          throw isFlamingockError(error) ? error : this.#unreachable(this.#redactor.record(error).message);
        }
        limit.throwIfAborted();
      }
      await pause(this.#time, 50, limit);
    }
  }

  #unreachable(reason: string): FlamingockError {
    return new FlamingockError({
      code: 'FLG_STORE_UNREACHABLE',
      message: `The audit store (${this.#store.kind}) could not be used: ${reason}. Nothing was executed.`,
      hint: 'Check that it is running and that the application may reach and use it, then start again.',
    });
  }
}
