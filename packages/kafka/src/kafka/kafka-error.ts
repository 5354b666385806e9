/** What the protocol, or the client, says of a failure. */
interface ProtocolWord {
  /** `TOPIC_AUTHORIZATION_FAILED`, `ECONNREFUSED`. */
  readonly type: string;
  /** Of the protocol; absent where no broker has answered. */
  readonly code?: number;
  readonly message: string;
}

/** A call, as a person reads of it. */
export interface CallForPeople {
  /** `create topic orders`. */
  readonly what: string;
  /** By ACLs: `Create on the topic`. */
  readonly needs: string;
}

const DEPTH = 6;

/** Only ever said before a connection is there. */
const UNCONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
/** Of logging on, which comes before every other request of a connection. */
const NOT_LOGGED_ON: ReadonlySet<string> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'KafkaJSSASLAuthenticationError',
]);
/** Of ACLs. */
const NOT_ALLOWED: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);
/** Not now; perhaps a moment later. */
const TRANSIENT: ReadonlySet<string> = new Set([
  ...UNCONNECTED,
  'NOT_CONTROLLER',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'BROKER_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'REQUEST_TIMED_OUT',
]);

/**
 * An answer with one of these codes, of the protocol, says that nothing of the one thing that was asked for was done. Not
 * among them is what may be the answer to a repeat, where the first time had its effect: a broker itself repeats what it
 * forwards to the controller. So a topic that is there already, or not any more (36, 3), as many partitions as it has (37),
 * and another controller (41).
 */
const REJECTED: ReadonlySet<number> = new Set([
  17, // INVALID_TOPIC_EXCEPTION
  29, // TOPIC_AUTHORIZATION_FAILED
  30, // GROUP_AUTHORIZATION_FAILED
  31, // CLUSTER_AUTHORIZATION_FAILED
  35, // UNSUPPORTED_VERSION
  38, // INVALID_REPLICATION_FACTOR
  39, // INVALID_REPLICA_ASSIGNMENT
  40, // INVALID_CONFIG
  42, // INVALID_REQUEST
  44, // POLICY_VIOLATION
  54, // SECURITY_DISABLED
  60, // REASSIGNMENT_IN_PROGRESS
  73, // TOPIC_DELETION_DISABLED
]);
/** Said of a request as a whole, of however many things it asks. */
const REJECTED_AS_A_WHOLE: ReadonlySet<number> = new Set([31, 35, 54]);

/**
 * A call to Kafka that failed, or an intention that was refused. Its `code` is the protocol's word
 * (`TOPIC_AUTHORIZATION_FAILED`) or the system's (`ECONNREFUSED`); `REFUSED` where the intention itself would not do what
 * it was asked for.
 */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What a call failed with, in the words of the protocol.
 *
 * @param call for people, and the rights that it needs
 */
export function failedCall(call: CallForPeople, error: unknown): KafkaError {
  const { type, message } = wordOf(error);
  const lacks = NOT_ALLOWED.has(type) ? ` (it needs ${call.needs})` : '';
  return new KafkaError(type, `${call.what}: ${type}: ${message}${lacks}`);
}

/** The code that a broker answered; `undefined` where none did. */
export function protocolCode(error: unknown): number | undefined {
  return wordOf(error).code;
}

/** Tells whether an answer says that nothing was done. */
export function rejects(code: number | undefined, things: number): boolean {
  return code !== undefined && (things === 1 ? REJECTED : REJECTED_AS_A_WHOLE).has(code);
}

/** Tells whether a call failed before anything but logging on was sent. */
export function isUnconnected(error: unknown): boolean {
  const { type } = wordOf(error);
  return UNCONNECTED.has(type) || NOT_LOGGED_ON.has(type);
}

/** Tells whether the same call may succeed a little later. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(error instanceof KafkaError ? error.code : wordOf(error).type);
}

/** kafkajs wraps what a broker answered, several deep: in `cause` once it has given up, in `errors` for one topic of several. */
function wordOf(error: unknown): ProtocolWord {
  const chain: Readonly<Record<string, unknown>>[] = [];
  for (let one = error; isRecord(one) && chain.length < DEPTH; one = innerOf(one)) chain.push(one);
  const answered = chain.find(({ type, code }) => typeof type === 'string' && typeof code === 'number');
  const failed = chain.find(({ code }) => typeof code === 'string');
  const { name, message } = chain.at(-1) ?? { name: 'Error', message: String(error) };
  if (answered !== undefined)
    return {
      type: answered['type'] as string,
      code: answered['code'] as number,
      message: String(answered['message']),
    };
  return {
    type: failed === undefined ? String(name) : (failed['code'] as string),
    message: String(failed?.['message'] ?? message),
  };
}

function innerOf({ cause, errors }: Readonly<Record<string, unknown>>): unknown {
  return cause ?? (Array.isArray(errors) ? (errors as unknown[])[0] : undefined);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
