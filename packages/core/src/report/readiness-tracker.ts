import type { FlamingockError } from '../errors.js';
import type { FlamingockEvent } from '../events.js';
import type { LockRecord } from '../ledger/audit-store.js';
import type { Readiness } from '../flamingock.js';
import type { RunReport } from '../run-report.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What probes are told, kept in memory and fed by the events of the run, so that a probe never asks the store. */
export class ReadinessTracker {
  #now: Readiness = { ready: false, state: 'idle', applied: 0, pending: 0 };
  #closing = false;

  get current(): Readiness {
    return this.#now;
  }

  observe(event: FlamingockEvent): void {
    switch (event.type) {
      case 'waiting': {
        const { applied, pending, holder } = event;
        this.#set({
          state: 'waiting',
          applied,
          pending,
          ...(holder === undefined ? {} : { holder: shown(holder) }),
        });
        return;
      }
      case 'run-started':
        this.#set({ state: 'running', applied: event.applied, pending: event.pending });
        return;
      case 'change-started': {
        const { displayName: change, targetSystem } = event.change;
        this.#set({ state: 'running', current: { change, targetSystem, since: new Date().toISOString() } });
        return;
      }
      case 'change-progress': {
        const { current } = this.#now;
        if (current !== undefined) this.#set({ current: { ...current, progress: event.progress } });
        return;
      }
      case 'change-settled':
        if (event.state !== 'APPLIED') return;
        this.#oneMore();
        return;
      case 'change-applied':
        this.#oneMore();
        return;
      default:
    }
  }

  succeeded({ ahead, total, remaining = 0 }: RunReport): void {
    const counts = { applied: total, pending: remaining };
    // A run that was to end before the end of the sequence leaves the application as unready as it was.
    if (remaining > 0) this.#set({ state: 'idle', ...counts });
    else this.#set({ ready: true, state: ahead.length > 0 ? 'degraded' : 'ready', ...counts });
  }

  failed({ code }: FlamingockError): void {
    this.#set({ state: 'failed', error: { code } });
  }

  /** From now on it is never ready again, while the change that still runs is shown until it has ended. */
  closing(): void {
    this.#closing = true;
    const { current } = this.#now;
    this.#set(current === undefined ? {} : { current });
  }

  closed(): void {
    this.#closing = true;
    this.#set({});
  }

  #oneMore(): void {
    const { applied, pending } = this.#now;
    this.#set({ state: 'running', applied: applied + 1, pending: Math.max(0, pending - 1) });
  }

  /** What an event does not mention of the moment (current change, holder, error) is over. */
  #set(next: Partial<Mutable<Readiness>>): void {
    this.#now = {
      ready: false,
      state: this.#now.state,
      applied: this.#now.applied,
      pending: this.#now.pending,
      ...next,
      ...(this.#closing ? { ready: false, state: 'closed' } : {}),
    };
  }
}

function shown({ host, processId, acquiredAt }: LockRecord): NonNullable<Readiness['holder']> {
  return { host, processId, since: new Date(acquiredAt).toISOString() };
}
