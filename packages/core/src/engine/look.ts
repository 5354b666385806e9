import { displayName } from '../change/change.js';
import type { Checkpoint } from '../change/change-context.js';
import { readObservation } from '../change/observation.js';
import { type BoundChange, invoke } from '../dependencies/binding.js';
import { FlamingockError, hasCode } from '../errors.js';
import { orAbort } from '../lock/or-abort.js';
import type { VerifiedChange } from '../operations.js';
import { place } from '../plan/assign-target.js';
import type { BoundClients, ClientUse } from '../target/target.js';
import { pause, waitedSince } from '../time.js';
import { closedBeforeEnd } from './closing.js';
import type { EngineContext } from './context.js';
import { CallContext } from './execute/call-context.js';
import { referenceTo } from './run-context.js';

/** Which attempt a look is about. */
export interface LookedAt {
  readonly attempt: number;
  /** What that attempt was part of: a part that is left means another thing for an undo. */
  readonly of: ClientUse['of'];
}

/** How long a look may take. */
export interface LookLimits {
  /** In milliseconds. */
  readonly deadlineMs: number;
  /** Ends it earlier; its reason is a coded error. */
  readonly signal?: AbortSignal;
}

/**
 * Asks the `verify` of one change, outside of a run: without the lock, and with nothing written anywhere. That of a
 * transactional change gets its bound clients in a transaction that takes no fence, keeps no other one waiting, and is
 * rolled back. Never throws.
 */
export async function lookAt(
  engine: EngineContext,
  bound: BoundChange,
  about: LookedAt,
  limits: LookLimits,
): Promise<VerifiedChange> {
  const { time } = engine;
  const began = time.clocks();
  const stop = new AbortController();
  const cancel = [
    time.after(limits.deadlineMs, () => {
      stop.abort(tooLong(bound, limits.deadlineMs));
    }),
    time.keepAlive(),
    onAbort(limits.signal, () => {
      stop.abort(limits.signal?.reason);
    }),
    onAbort(engine.aborting, () => {
      stop.abort(closedBeforeEnd());
    }),
  ];
  const told = (found: Pick<VerifiedChange, 'result' | 'differences' | 'error'>): VerifiedChange => ({
    ...referenceTo(bound.change),
    ...found,
    durationMs: Math.round(waitedSince(time, began)),
  });
  try {
    const ask = asking(engine, bound, about, stop.signal);
    const answer = await orAbort(
      bound.strategy === 'NON_TX'
        ? ask(clientsFor(engine, bound, about, stop.signal))
        : inTransaction(engine, bound, ask, stop.signal),
      stop.signal,
    );
    const seen = readObservation(answer, (line) => engine.redactor.redact(line));
    if (seen === undefined) return told({ result: 'FAILED', error: engine.redactor.record(noVerdict()) });
    const { verdict, differences } = seen;
    return told({ result: verdict, ...(differences.length === 0 ? {} : { differences }) });
  } catch (error) {
    const result = limits.signal?.aborted === true ? 'NOT_REACHED' : 'FAILED';
    return told({ result, error: engine.redactor.record(error) });
  } finally {
    for (const end of cancel) end();
  }
}

function asking(
  engine: EngineContext,
  bound: BoundChange,
  { attempt }: LookedAt,
  signal: AbortSignal,
): (clients: BoundClients) => Promise<unknown> {
  const call = {
    run: { engine, executionId: engine.time.id() },
    bound,
    number: attempt,
    checkpoint: NO_CHECKPOINT,
  };
  const context = new CallContext(call, signal, { take: () => undefined });
  return async (clients) => {
    // A transaction that begins after everybody has gone must not look any more.
    signal.throwIfAborted();
    const asked = engine.inside.during(displayName(bound.change), () =>
      invoke(bound, 'verify', context, clients),
    );
    return orAbort(asked, signal);
  };
}

/** The target's own clients, for this look. */
function clientsFor(
  { key }: EngineContext,
  { change, target }: BoundChange,
  { of }: LookedAt,
  signal: AbortSignal,
): BoundClients {
  // It names what is written, and a look writes nothing.
  const absentSince = 0;
  const use: ClientUse = { key, changeId: change.id, method: 'verify', of, absentSince, signal };
  return { client: (token) => target.client(token, use) };
}

async function inTransaction(
  engine: EngineContext,
  { target, change }: BoundChange,
  ask: (clients: BoundClients) => Promise<unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const { lockTimeoutMs, statementTimeoutMs } = change;
  const looked = new Error('verify only looks');
  for (;;) {
    signal.throwIfAborted();
    let answer: { readonly verdict: unknown } | undefined;
    try {
      const outcome = await target.transactions?.run({
        key: engine.key,
        idleTimeoutMs: engine.lease.leaseMs,
        ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
        ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
        work: async (clients) => {
          answer = { verdict: await ask(clients) };
          throw looked;
        },
      });
      if (answer === undefined && outcome !== undefined && 'error' in outcome) throw outcome.error;
      return answer?.verdict;
    } catch (error) {
      if (!hasCode(error, 'FLG_STORE_BUSY')) throw error;
    }
    await pause(engine.time, 50, signal);
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new FlamingockError({
      code: 'FLG_CHECKPOINT_INVALID',
      message: 'A verify has no checkpoint.',
      hint: 'Look at the target system alone.',
    }),
  );

const NO_CHECKPOINT: Checkpoint = { load: refuse, save: refuse };

function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (signal?.aborted === true) action();
  signal?.addEventListener('abort', action, { once: true });
  return () => {
    signal?.removeEventListener('abort', action);
  };
}

function noVerdict(): Error {
  return new TypeError("verify must answer 'APPLIED', 'NOT_APPLIED' or 'UNKNOWN'");
}

function tooLong({ change }: BoundChange, ms: number): FlamingockError {
  return new FlamingockError({
    code: 'FLG_DEADLINE',
    message: `The verify of ${place(change)} did not answer within ${ms} ms.`,
    hint: 'Give it more time, or see what it waits for.',
  });
}
