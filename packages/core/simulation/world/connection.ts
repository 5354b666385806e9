import type { Faults, Operation, Trouble } from './faults.js';
import type { SimulatedProcess } from './simulated-process.js';
import type { World } from './world.js';

/** How a call ended at the server. */
export type Settled = { readonly value: unknown } | { readonly error: Error };

/** What a process asks of a server. */
export interface Call {
  readonly operation: Operation;
  /** In words, for the trace. */
  readonly text: string;
  /** Executes it at the server, which answers when it is done: at once, or after a wait for a lock. */
  execute(answer: (settled: Settled) => void): void;
}

/** The other end of connections. */
export interface Server {
  readonly name: string;
  /** It is no server but a file: what a process has asked of it ends with the process. */
  readonly local: boolean;
  /** Until when it answers nobody, and how that shows. */
  readonly outage: { readonly until: number; readonly silent: boolean };
  takeDown(ms: number, silent: boolean): void;
  /** It has noticed that the client is gone. */
  disconnected(connection: Connection): void;
  /** Its word for "not now". */
  busy(): Error;
  /** Why it has ended the connection from its side, if it has. */
  terminated(connection: Connection): Error | undefined;
}

/** What connections need to know of the schedule. */
export interface Wire {
  readonly world: World;
  readonly faults: Faults;
  /** How long a message takes that nothing holds up, in milliseconds. */
  latency(): number;
}

/** When the operating system gives a silent connection up, in milliseconds. */
const GIVEN_UP_MS = 60_000;

interface Waiting {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection of a process to a server. A call arrives, is executed, and is answered; each is a step that the
 * scheduler picks. The next call leaves when the one before it has been answered, as in the drivers.
 */
export class Connection {
  readonly process: SimulatedProcess;
  /** Why it cannot be used any more. */
  lost: Error | undefined;
  readonly #wire: Wire;
  readonly #server: Server;
  readonly #queue: Waiting[] = [];
  #underWay: Waiting | undefined;

  constructor(wire: Wire, process: SimulatedProcess, server: Server) {
    this.#wire = wire;
    this.process = process;
    this.#server = server;
    process.onEnd(() => {
      this.#clientGone();
    });
  }

  send<T>(call: Call): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.#queue.push({ call, resolve, reject });
      this.#next();
    }) as Promise<T>;
  }

  close(): void {
    if (this.lost !== undefined) return;
    this.lost = CLOSED;
    this.#server.disconnected(this);
  }

  #next(): void {
    if (this.#underWay !== undefined) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    if (this.lost !== undefined) {
      waiting.reject(this.lost);
      this.#next();
      return;
    }
    this.#underWay = waiting;
    const trouble = this.#wire.faults.strike(waiting.call.operation);
    this.#wire.world.note(
      this.process.name,
      () => `${waiting.call.text}${trouble === undefined ? '' : `  <- ${inWords(trouble)}`}`,
    );
    if (trouble !== undefined) this.#wire.world.count(`fault: ${trouble.kind}`);
    this.#leave(waiting, trouble);
  }

  #leave(waiting: Waiting, trouble: Trouble | undefined): void {
    const { process } = this;
    switch (trouble?.kind) {
      case 'crash':
        if (trouble.when !== 'executed') process.end('crashes');
        if (trouble.when === 'before') return;
        break;
      case 'pause':
        process.hold(trouble.ms, trouble.clocks);
        if (!trouble.sent) {
          this.#arriveAfter(trouble.ms, waiting, undefined);
          return;
        }
        break;
      case 'lost':
        if (trouble.what === 'call') {
          this.#break(trouble.silent);
          return;
        }
        break;
      case 'late':
        if (trouble.what === 'call') {
          this.#arriveAfter(trouble.ms, waiting, undefined);
          return;
        }
        break;
      case 'busy': {
        this.#answer(waiting, { error: this.#server.busy() }, undefined);
        return;
      }
      case 'refused': {
        this.#answer(waiting, { error: refused() }, undefined);
        return;
      }
      case 'outage':
        this.#server.takeDown(trouble.ms, trouble.silent);
        break;
      case 'clock':
        process.setClock(trouble.ms);
        break;
      case undefined:
    }
    this.#arriveAfter(this.#wire.latency(), waiting, trouble);
  }

  #arriveAfter(ms: number, waiting: Waiting, trouble: Trouble | undefined): void {
    // Also where the client has given up meanwhile: what is on its way arrives.
    this.#wire.world.after(ms, () => {
      const { outage, local } = this.#server;
      if (local && !this.process.alive) return;
      if (outage.until > this.#wire.world.now) {
        this.#break(outage.silent);
        return;
      }
      const terminated = this.#server.terminated(this);
      if (terminated !== undefined) {
        this.#breakWith(terminated, 0);
        return;
      }
      waiting.call.execute((settled) => {
        this.#executed(waiting, settled, trouble);
      });
    });
  }

  #executed(waiting: Waiting, settled: Settled, trouble: Trouble | undefined): void {
    this.#wire.world.note(
      this.#server.name,
      () => `has executed ${waiting.call.text} of ${this.process.name}: ${outcome(settled)}`,
    );
    if (trouble?.kind === 'crash' && trouble.when === 'executed') this.process.end('crashes');
    if (trouble?.kind === 'lost') this.#break(trouble.silent);
    else this.#answer(waiting, settled, trouble?.kind === 'late' ? trouble.ms : undefined);
  }

  #answer(waiting: Waiting, settled: Settled, lateMs: number | undefined): void {
    const answer = (): void => {
      if (this.#underWay !== waiting) return;
      this.#underWay = undefined;
      if ('error' in settled) waiting.reject(settled.error);
      else waiting.resolve(settled.value);
      this.#next();
    };
    this.#wire.world.after(lateMs ?? this.#wire.latency(), answer, this.process);
  }

  #break(silent: boolean): void {
    const error = silent ? broken('read ETIMEDOUT', 'ETIMEDOUT') : broken('read ECONNRESET', 'ECONNRESET');
    this.#breakWith(error, silent ? GIVEN_UP_MS : this.#wire.latency());
  }

  /** Both ends come to know of it, each in its own time. */
  #breakWith(error: Error, afterMs: number): void {
    const { world } = this.#wire;
    world.after(
      afterMs,
      () => {
        this.lost ??= error;
        const waiting = this.#underWay;
        this.#underWay = undefined;
        waiting?.reject(error);
        this.#next();
      },
      this.process,
    );
    world.after(afterMs === 0 ? 0 : this.#noticeMs(), () => {
      this.#server.disconnected(this);
    });
  }

  #clientGone(): void {
    if (this.lost !== undefined) return;
    this.#wire.world.after(this.#noticeMs(), () => {
      this.#server.disconnected(this);
    });
  }

  /** A server sees the end of a process at once, and that of a machine only when it gives up. */
  #noticeMs(): number {
    if (this.#server.local) return 0;
    return this.#wire.world.random.chance(0.7) ? this.#wire.latency() : GIVEN_UP_MS;
  }
}

/** The connection to a server broke: what it was asked may have been done. */
export function broken(message: string, code = 'ECONNRESET'): Error {
  return Object.assign(new Error(message), { code });
}

/** Tells whether the connection was lost, in contrast to an answer. */
export function isBroken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'ETIMEDOUT')
  );
}

const CLOSED = broken('connection closed');

const REFUSED = Symbol('refused');

function refused(): Error {
  return Object.assign(new Error('the system refuses it'), { [REFUSED]: true });
}

/** Tells whether a system said that it had not done what it was asked. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && REFUSED in error;
}

function inWords({ kind, ...rest }: Trouble): string {
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name} ${String(value)}`)].join(', ');
}

function outcome(settled: Settled): string {
  if ('error' in settled) return settled.error.message.split('\n')[0] ?? '';
  return settled.value === undefined ? 'done' : JSON.stringify(settled.value).slice(0, 100);
}
