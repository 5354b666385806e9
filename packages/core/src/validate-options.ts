import { copiedOptions } from './copied-options.js';
import { FlamingockError, throwProblems } from './errors.js';
import { unknownKeys } from './known-keys.js';
import type { FlamingockOptions, LockOptions, StartMode } from './options.js';
import { isObject } from './is-object.js';
import { isToken } from './change/token.js';

const WHERE = 'createFlamingock()';
/** The keys of {@link FlamingockOptions}. */
export const OPTION_KEYS: readonly (keyof FlamingockOptions)[] = [
  'service',
  'environment',
  'tenant',
  'environments',
  'auditStore',
  'targets',
  'changes',
  'mode',
  'outOfOrder',
  'dependencies',
  'effectFree',
  'container',
  'logger',
  'applicationVersion',
  'secrets',
  'lock',
  'storeTimeoutMs',
  'runDeadlineMs',
  'abortGraceMs',
  'shutdownGraceMs',
];
const KNOWN_LOCK: readonly (keyof LockOptions)[] = ['leaseMs', 'renewMs', 'waitMs'];
const MAX_KEY_LENGTH = 200;
/** Node fires a longer timer at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** The options with their defaults. */
export interface ValidOptions extends FlamingockOptions {
  readonly environment: string;
  readonly tenant: string;
  readonly mode: StartMode;
  readonly lock: Required<LockOptions>;
  readonly storeTimeoutMs: number;
  readonly abortGraceMs: number;
  readonly shutdownGraceMs: number;
}

/**
 * Checks the options as a whole, and copies them. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems
 * together.
 */
export function validateOptions(options: FlamingockOptions): ValidOptions {
  if (!isObject(options))
    throw invalid(
      'the options',
      'must be an object',
      'Pass { service, environment, auditStore, targets, changes }.',
    );
  const { lock: given = {} } = options;
  const lock = { ...defaultLease(options), waitMs: 600_000, ...given };
  const { storeTimeoutMs = 10_000, abortGraceMs = 5000, shutdownGraceMs = 10_000, runDeadlineMs } = options;
  const times = { storeTimeoutMs, abortGraceMs, shutdownGraceMs };
  throwProblems([
    ...unknownKeys(options, OPTION_KEYS, WHERE),
    ...(isObject(given)
      ? unknownKeys(given, KNOWN_LOCK, `${WHERE} lock`)
      : [invalid('lock', 'must be an object', 'Give { leaseMs, renewMs, waitMs }, or leave it out.')]),
    ...keyProblems(options),
    ...partProblems(options),
    ...choiceProblems(options),
    ...environmentProblems(options),
    ...[
      ...Object.entries(lock).map(([name, value]) => [`lock.${name}`, value] as const),
      ...Object.entries({ ...times, ...(runDeadlineMs === undefined ? {} : { runDeadlineMs }) }),
    ]
      .filter(([, value]) => !isTime(value))
      .map(([name]) =>
        invalid(
          name,
          `must be a positive number of milliseconds up to ${LONGEST_TIMER_MS}`,
          'Leave it out for the default.',
        ),
      ),
    ...(isTime(lock.renewMs) && isTime(lock.leaseMs) && lock.renewMs * 3 > lock.leaseMs
      ? [
          invalid(
            'lock.renewMs',
            `(${lock.renewMs}) is more than a third of lock.leaseMs (${lock.leaseMs})`,
            'A renewal must be able to fail twice before the lease ends: set renewMs to at most a third of leaseMs.',
          ),
        ]
      : []),
  ]);
  return copiedOptions({
    ...options,
    environment: options.environment ?? '',
    tenant: options.tenant ?? '',
    mode: options.mode ?? 'apply',
    lock,
    ...times,
  });
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= LONGEST_TIMER_MS;
}

/** Where processes are killed all day, the next one must not wait for half a minute. Whoever sets a time of the two sets both. */
function defaultLease({
  environments,
  environment = '',
  lock,
}: FlamingockOptions): Pick<ValidOptions['lock'], 'leaseMs' | 'renewMs'> {
  const isDisposable = isObject(environments) && environments[environment]?.disposable === true;
  return isDisposable && lock?.leaseMs === undefined && lock?.renewMs === undefined
    ? { leaseMs: 3000, renewMs: 1000 }
    : { leaseMs: 30_000, renewMs: 10_000 };
}

function choiceProblems({ mode = 'apply', outOfOrder = 'refuse' }: FlamingockOptions): FlamingockError[] {
  const choices = [
    ['mode', mode, ['apply', 'wait', 'validate', 'off']],
    ['outOfOrder', outOfOrder, ['refuse', 'allow']],
  ] as const;
  return choices
    .filter(([, value, known]) => !(known as readonly string[]).includes(value))
    .map(([name, , known]) =>
      invalid(
        name,
        `must be one of ${known.map((one) => `'${one}'`).join(', ')}`,
        'Leave it out for the first of them.',
      ),
    );
}

function environmentProblems({ environments = {} }: FlamingockOptions): FlamingockError[] {
  if (!isObject(environments))
    return [invalid('environments', 'must be an object by name', 'Pass { production: {}, staging: {} }.')];
  return Object.entries(environments).flatMap(([name, known]: [string, unknown]) => {
    const where = `environments['${name}']`;
    if (!isObject(known))
      return [invalid(where, 'must be an object', 'Pass {} where there is nothing to say.')];
    const { disposable } = known as { readonly disposable?: unknown };
    return [
      ...unknownKeys(known, ['disposable'], `${WHERE} ${where}`),
      ...(disposable === undefined || typeof disposable === 'boolean'
        ? []
        : [invalid(`${where}.disposable`, 'must be true or false', 'Leave it out for false.')]),
    ];
  });
}

function keyProblems(options: FlamingockOptions): FlamingockError[] {
  const required = (['service', 'environment'] as const).flatMap((name) => {
    const value: unknown = options[name];
    if (typeof value === 'string' && isKey(value)) return [];
    const hint =
      name === 'environment'
        ? "Set it, for instance from process.env.FLAMINGOCK_ENV. It has no default on purpose: a wrong guess would run one environment's sequence in another."
        : 'Give the service the name under which its ledger is kept.';
    return [
      invalid(
        name,
        value === undefined || value === ''
          ? 'is missing'
          : 'must be a short text without blanks at its ends',
        hint,
      ),
    ];
  });
  const { tenant } = options;
  const tenantIsFine = tenant === undefined || tenant === '' || (typeof tenant === 'string' && isKey(tenant));
  return tenantIsFine
    ? required
    : [
        ...required,
        invalid(
          'tenant',
          'must be a short text without blanks at its ends',
          'Leave it out for an application without tenants.',
        ),
      ];
}

function partProblems(options: FlamingockOptions): FlamingockError[] {
  const problems: FlamingockError[] = [];
  if (!hasMethod(options.auditStore, 'read')) {
    problems.push(
      invalid('auditStore', 'is not an audit store', 'Pass one, for instance sqlAuditStore(database).'),
    );
  }
  if (!isObject(options.targets)) {
    problems.push(
      invalid(
        'targets',
        'must be an object of target systems by name',
        "Pass { 'orders-db': sqlTarget(database) }.",
      ),
    );
  } else {
    const wrong = Object.entries(options.targets).filter(([, target]) => !hasMethod(target, 'supplies'));
    problems.push(
      ...wrong.map(([name]) =>
        invalid(
          `targets['${name}']`,
          'is not a target system',
          'Pass one, for instance target({ clients: [...] }).',
        ),
      ),
      ...sharedConnectionProblems(options),
    );
  }
  if (!Array.isArray(options.changes) && !(isObject(options.changes) && 'directory' in options.changes)) {
    problems.push(
      invalid(
        'changes',
        'is neither { directory } nor a list',
        "Pass { directory: join(import.meta.dirname, 'changes') } or a list of classes and definitions.",
      ),
    );
  } else if (!Array.isArray(options.changes)) {
    problems.push(...unknownKeys(options.changes, ['directory', 'load'], `${WHERE} changes`));
  }
  const lists = (['dependencies', 'effectFree', 'secrets'] as const).filter(
    (name) => options[name] !== undefined && !Array.isArray(options[name]),
  );
  return [
    ...problems,
    ...lists.map((name) => invalid(name, 'must be a list', 'Pass an array, or leave it out.')),
    ...(lists.length === 0 ? memberProblems(options) : []),
    ...reportProblems(options),
  ];
}

/** What stands in the lists. */
function memberProblems({
  dependencies = [],
  effectFree = [],
  secrets = [],
}: FlamingockOptions): FlamingockError[] {
  return [
    ...dependencies.flatMap((dependency: unknown, index) =>
      isObject(dependency) && 'token' in dependency && isToken(dependency.token) && 'value' in dependency
        ? []
        : [invalid(`dependencies[${index}]`, 'is no dependency', 'Pass { token, value }.')],
    ),
    ...effectFree.flatMap((token: unknown, index) =>
      isToken(token)
        ? []
        : [
            invalid(
              `effectFree[${index}]`,
              'is no token',
              'List classes, texts, symbols, or what token() returns.',
            ),
          ],
    ),
    ...secrets.flatMap((secret: unknown, index) =>
      typeof secret === 'string'
        ? []
        : [invalid(`secrets[${index}]`, 'is no text', 'List the values themselves.')],
    ),
  ];
}

/** What goes into lines for people and into the ledger. */
function reportProblems({ logger, applicationVersion }: FlamingockOptions): FlamingockError[] {
  const isLogger =
    logger === undefined ||
    logger === false ||
    ['info', 'warn', 'error'].every((name) => hasMethod(logger, name));
  return [
    ...(isLogger
      ? []
      : [
          invalid(
            'logger',
            'is no logger',
            'Pass an object with info, warn and error, such as console; or false for silence.',
          ),
        ]),
    ...(applicationVersion === undefined || typeof applicationVersion === 'string'
      ? []
      : [invalid('applicationVersion', 'must be a text', 'Leave it out if there is none.')]),
  ];
}

/** Under the lock the store keeps a connection for itself; from a pool of one a target would never get it. */
function sharedConnectionProblems({ auditStore, targets }: FlamingockOptions): FlamingockError[] {
  if (!hasMethod(auditStore, 'read') || auditStore.capabilities.lendsOneConnection !== true) return [];
  return Object.entries(targets)
    .filter(([, target]) => isObject(target) && target.transactions?.driver === auditStore.driver)
    .map(([name]) =>
      invalid(
        `targets['${name}']`,
        'shares its only connection with the audit store, which keeps one for itself while changes run',
        'Give the pool at least two connections, or the audit store a pool of its own. A single client counts as a pool of one.',
      ),
    );
}

/** What the ledger is keyed by must compare equal in every database. */
function isKey(value: string): boolean {
  return (
    value !== '' &&
    value.length <= MAX_KEY_LENGTH &&
    value.trim() === value &&
    !/[\u0000-\u001F\u007F]/.test(value)
  );
}

function hasMethod(value: unknown, name: string): boolean {
  return isObject(value) && typeof (value as Record<string, unknown>)[name] === 'function';
}

function invalid(option: string, what: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message: `${WHERE}: ${option} ${what}.`, hint });
}
