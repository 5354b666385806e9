import { isFlamingockError } from '../errors.js';
import type {
  AuditSession,
  CheckpointWriter,
  LeaseGrant,
  LeaseRequest,
  LedgerContent,
} from '../ledger/audit-store.js';
import type { LedgerKey, SealedEntry } from '../ledger/entry.js';
import type { StoreAccess } from './store-access.js';

/**
 * The session of one turn. Where its connection broke, the next request opens another one, so that a store which was
 * restarted costs no lock. Nothing is repeated here: what became of the request that failed is for the caller to settle.
 */
export class PinnedSession implements AuditSession {
  readonly #access: StoreAccess;
  #session: Promise<AuditSession>;
  #current: AuditSession;
  #broken = false;

  constructor(access: StoreAccess, session: AuditSession) {
    this.#access = access;
    this.#session = Promise.resolve(session);
    this.#current = session;
  }

  get checkpoints(): CheckpointWriter | undefined {
    return this.#current.checkpoints;
  }

  read(key: LedgerKey, after: number): Promise<LedgerContent> {
    return this.#on((session) => session.read(key, after));
  }

  acquire(key: LedgerKey, request: LeaseRequest): Promise<LeaseGrant | undefined> {
    return this.#on((session) => session.acquire(key, request));
  }

  append(key: LedgerKey, entry: SealedEntry): Promise<void> {
    return this.#on((session) => session.append(key, entry));
  }

  renew(key: LedgerKey, request: LeaseRequest, highestSequence: number): Promise<LeaseGrant | undefined> {
    return this.#on((session) => session.renew(key, request, highestSequence));
  }

  release(...args: Parameters<AuditSession['release']>): Promise<void> {
    return this.#on((session) => session.release(...args));
  }

  async close(): Promise<void> {
    await (await this.#session.catch(() => this.#current)).close();
  }

  async #on<T>(send: (session: AuditSession) => Promise<T>): Promise<T> {
    if (this.#broken) this.#reopen();
    const session = await this.#session;
    try {
      return await send(session);
    } catch (error) {
      // A coded error is an answer; anything else may be the end of the connection.
      if (!isFlamingockError(error) && session === this.#current) this.#broken = true;
      throw error;
    }
  }

  /** Requests that come meanwhile wait for the same new session. */
  #reopen(): void {
    this.#broken = false;
    // First the old one goes back: in a small pool the new one may have to come from its place.
    this.#session = this.#access.closeSession(this.#current).then(async () => {
      try {
        this.#current = await this.#access.openSession();
        return this.#current;
      } catch (error) {
        this.#broken = true;
        throw error;
      }
    });
    this.#session.catch(() => undefined);
  }
}
