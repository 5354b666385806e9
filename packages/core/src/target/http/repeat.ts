/** What is known of a request that brought no success. */
export interface FailedSending {
  /** Its method changes nothing. */
  readonly safe: boolean;
  /** It had an idempotency key, and the system is declared to honour it. */
  readonly keyed: boolean;
  /** `undefined`: there was no answer. */
  readonly status: number | undefined;
  /** Of the answer. */
  readonly retryAfter: string | null;
  /** It was seen that nothing was sent. */
  readonly notSent: boolean;
  /** The status is declared to be without effect. */
  readonly rejected: boolean;
}

/** A longer wait belongs to the change's own `retry`, or to the next start, in milliseconds. */
const LONGEST_PAUSE_MS = 10_000;
const FIRST_PAUSE_MS = 100;

/** The system, or what stands before it, has too much to do, or is not there for the moment. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Of these the system itself may say that it has not begun: it names the time to come again. */
const NOT_BEGUN: ReadonlySet<number> = new Set([429, 503]);

/**
 * How long to wait before the same request is sent again, in milliseconds; `undefined` where a repeat might do something a
 * second time, or would change nothing.
 *
 * @param sent how often it was sent
 * @param now Unix time in milliseconds
 */
export function repeatDelay(failed: FailedSending, sent: number, now: number): number | undefined {
  const { safe, keyed, status, notSent, rejected } = failed;
  const backoff = Math.min(FIRST_PAUSE_MS * 4 ** (sent - 1), LONGEST_PAUSE_MS);
  if (status === undefined) return notSent || safe || keyed ? backoff : undefined;
  if (!BUSY.has(status)) return undefined;
  const asked = retryAfterMs(failed.retryAfter, now);
  const harmless = safe || keyed || (rejected && NOT_BEGUN.has(status) && asked !== undefined);
  const pause = asked ?? backoff;
  return harmless && pause <= LONGEST_PAUSE_MS ? pause : undefined;
}

/** Seconds, or a date. */
function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
