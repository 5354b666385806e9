import type { Random } from './random.js';
import type { Pause } from './simulated-process.js';

/** What a process can ask of a system. */
export const OPERATIONS = [
  'read',
  'open',
  'acquire',
  'renew',
  'release',
  'append',
  'claim',
  'begin',
  'put',
  'clear',
  'inspect',
  'end-work',
  'commit',
  'rollback',
  'checkpoint',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What goes wrong at a call. */
export type Trouble =
  /** The process dies before the call leaves it, while it is under way, or when it has been executed. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'under way' | 'executed' }
  /** The process stands still, before the call leaves it or after. */
  | { readonly kind: 'pause'; readonly ms: number; readonly clocks: Pause; readonly sent: boolean }
  /** The connection breaks before the call arrives, or before the answer does. */
  | { readonly kind: 'lost'; readonly what: 'call' | 'reply'; readonly silent: boolean }
  | { readonly kind: 'late'; readonly what: 'call' | 'reply'; readonly ms: number }
  /** The system refuses it for now. */
  | { readonly kind: 'busy' }
  /** The system refuses it, and it had no effect. */
  | { readonly kind: 'refused' }
  /** The system answers nobody for a while. */
  | { readonly kind: 'outage'; readonly ms: number; readonly silent: boolean }
  | { readonly kind: 'clock'; readonly ms: number };

/** Trouble at the nth call of an operation, whoever makes it. */
export interface Fault {
  readonly operation: Operation;
  readonly nth: number;
  readonly trouble: Trouble;
}

/** Strikes when the calls are made that a schedule's faults wait for. */
export class Faults {
  readonly #pending: Set<Fault>;
  readonly #counts = new Map<Operation, number>();

  constructor(faults: readonly Fault[]) {
    this.#pending = new Set(faults);
  }

  strike(operation: Operation): Trouble | undefined {
    const nth = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, nth);
    for (const fault of this.#pending) {
      if (fault.operation !== operation || fault.nth !== nth) continue;
      this.#pending.delete(fault);
      return fault.trouble;
    }
    return undefined;
  }

  /** From now on everything goes well. */
  clear(): void {
    this.#pending.clear();
  }
}

/** Draws the faults of a schedule. */
export function drawFaults(random: Random, leaseMs: number): readonly Fault[] {
  const count = random.weighted([
    [0.5, 0],
    [3, 1],
    [4, 2],
    [4, 3],
    [2, 5],
    [1, 8],
  ]);
  return Array.from({ length: count }, () => {
    const operation = random.weighted<Operation>([
      [2, 'read'],
      [2, 'open'],
      [2, 'acquire'],
      [2, 'renew'],
      [2, 'release'],
      [6, 'append'],
      [3, 'claim'],
      [3, 'begin'],
      [5, 'put'],
      [1, 'clear'],
      [1, 'inspect'],
      [2, 'end-work'],
      [4, 'commit'],
      [1, 'rollback'],
    ]);
    const nth = random.between(1, random.pick([1, 3, 8, 20]));
    return { operation, nth, trouble: drawTrouble(random, leaseMs) };
  });
}

/** Some more trouble at calls that save and claim checkpoints; one that comes late, and was repeated by then, among it. */
export function drawCheckpointFaults(random: Random, leaseMs: number): readonly Fault[] {
  return Array.from({ length: random.between(0, 2) }, () => ({
    operation: 'checkpoint',
    nth: random.between(1, 8),
    trouble: random.chance(0.3)
      ? { kind: 'late', what: 'call', ms: random.between(10_000, leaseMs) }
      : drawTrouble(random, leaseMs),
  }));
}

function drawTrouble(random: Random, leaseMs: number): Trouble {
  const silent = random.chance(0.4);
  const what = random.pick<'call' | 'reply'>(['call', 'reply']);
  const long = Math.round(leaseMs * (random.chance(0.4) ? random.next() : 1 + 3 * random.next()));
  return random.weighted<Trouble>([
    [
      6,
      {
        kind: 'crash',
        when: random.pick<'before' | 'under way' | 'executed'>(['before', 'under way', 'executed']),
      },
    ],
    [6, { kind: 'pause', ms: long, clocks: drawPause(random), sent: random.chance(0.5) }],
    [5, { kind: 'lost', what, silent }],
    [2, { kind: 'late', what, ms: long }],
    [1, { kind: 'busy' }],
    [1, { kind: 'refused' }],
    [1, { kind: 'outage', ms: long, silent }],
    [1, { kind: 'clock', ms: random.between(-3600, 3600) * 1000 }],
  ]);
}

function drawPause(random: Random): Pause {
  return random.weighted<Pause>([
    [3, 'go on'],
    [2, 'tell the time only on the wall'],
    [3, 'stand still'],
  ]);
}

/** A fault in words. */
export function describeFault({ operation, nth, trouble }: Fault): string {
  const { kind, ...rest } = trouble;
  const details = Object.entries(rest).map(([name, value]) => `${name}: ${String(value)}`);
  return `${operation} ${nth}: ${[kind, ...details].join(', ')}`;
}
