import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { SqlDatabase } from '@flamingock/sql';
import {
  type AuditStore,
  createFlamingock,
  type FlamingockListener,
  type Flamingock,
  type FlamingockOptions,
  isFlamingockError,
} from '@flamingock/core';

/** What secrets are planted in. */
export interface Ground {
  /** One that has another form in URLs. */
  readonly secret: string;
  /** Another database than the ledger's, with the table `people (name text UNIQUE)`, which holds the secret. */
  readonly database: SqlDatabase;
  /** A statement that adds a name. */
  readonly insert: string;
  /** A system that answers 500 to everything, with the whole request in the body. */
  readonly echo: string;
}

/** Puts a secret somewhere. */
export type Plant = (ground: Ground) => Planted;

/** An application in which one secret is planted. */
export interface Planted {
  /** Beside service, environment, audit store and logger. Default: no target system. */
  readonly options: Partial<FlamingockOptions> & Pick<FlamingockOptions, 'changes'>;
  /** What the first start comes to, so that a secret which was never near anything does not count as kept. */
  readonly outcome: string;
  /** A listener of all events. */
  readonly listens?: FlamingockListener;
  /** What is done after the first start. */
  readonly afterwards?: (flamingock: Flamingock) => Promise<unknown>;
}

/** The systems of all hunts. */
export interface HuntingGround extends Omit<Ground, 'secret'> {
  readonly auditStore: AuditStore;
  addPerson(name: string): unknown;
  /** Everything that the ledger's database holds, read past the engine. */
  dump(): string | Promise<string>;
}

/** What a hunt has brought. */
export interface Catch {
  /** What the first start came to. */
  readonly outcome: string;
  /** Where the secret was found. */
  readonly leaks: readonly string[];
}

/**
 * Starts an application in which a secret is planted, twice, and looks for the secret in everything that leaves the engine:
 * rows of the ledger, lines of the log, events, errors as anybody may print them, answers of its operations, the health
 * body.
 */
export async function hunt(plant: Plant, ground: HuntingGround): Promise<Catch> {
  const id = randomUUID();
  const secret = `s3cr&t/${id}`;
  await ground.addPerson(secret);
  const { options, afterwards, listens } = plant({ ...ground, secret });

  const traces: { readonly place: string; readonly text: string }[] = [];
  const note = (place: string, what: unknown): void => {
    traces.push({ place, text: typeof what === 'string' ? what : JSON.stringify(what) });
  };
  const line = (message: string): void => {
    note('a line of the log', message);
  };
  const flamingock = createFlamingock({
    service: randomUUID(),
    environment: 'test',
    auditStore: ground.auditStore,
    targets: {},
    logger: { info: line, warn: line, error: line },
    storeTimeoutMs: 2000,
    ...options,
  });
  flamingock.subscribe((event) => {
    note('an event', event);
    note('the health body', flamingock.readiness());
  });
  if (listens !== undefined) flamingock.subscribe(listens);

  const noteError = (error: unknown): string => {
    if (!isFlamingockError(error)) throw error;
    note('an error', [...faces(error)].join('\n'));
    return error.code;
  };
  const start = async (): Promise<string> => {
    const outcome = await flamingock.run().then((report) => report.outcome, noteError);
    note('the health body', flamingock.readiness());
    return outcome;
  };
  const outcome = await start();
  await afterwards?.(flamingock).catch(noteError);
  await start();
  const answers = {
    'the answer of plan()': () => flamingock.plan(),
    'the answer of issues()': () => flamingock.issues(),
    'the answer of history()': () => flamingock.history(),
  };
  for (const [place, ask] of Object.entries(answers))
    await ask().then((answer) => {
      note(place, answer);
    }, noteError);
  note('a row of the ledger', await ground.dump());

  // As it is, in a URL and as JSON it holds the id; as an HTTP header it is encoded as a whole.
  const forms = [id, Buffer.from(`app:${secret}`).toString('base64')];
  const found = traces.filter(({ text }) => forms.some((form) => text.includes(form)));
  return { outcome, leaks: [...new Set(found.map(({ place }) => place))].sort() };
}

/** An error in every form in which somebody may print it, with all that hangs on it. */
function* faces(error: Error): Generator<string> {
  yield String(error);
  yield error.stack ?? '';
  yield inspect(error);
  for (const key of Reflect.ownKeys(error)) {
    const value: unknown = Reflect.get(error, key);
    if (value instanceof Error) yield* faces(value);
    else if (typeof value !== 'function') yield inspect(value, { depth: 8, showHidden: true });
  }
}
