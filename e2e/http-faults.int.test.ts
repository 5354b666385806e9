import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ChangeEntry, isFlamingockError } from '@flamingock/core';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { FIRST, httpService, LAST } from './fixtures/http-changes.mjs';
import { type Decide, type Fate, FaultyApi } from './harness/faulty-api.js';
import { expectTable, type Row } from './harness/generated-table.js';
import { entriesIn } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const START = fileURLToPath(new URL('./fixtures/http-start.mjs', import.meta.url));
const PAGE = new URL('../docs/targets/http.md', import.meta.url);
const ALL = { [FIRST]: 1, [LAST]: 1 };

/** What happens to the start that comes to the change, which has two steps: a POST and a PUT. */
interface Fault {
  readonly fault: string;
  /** Before that start. */
  before?(): Promise<unknown>;
  /** At every write of that start. Default: it passes. */
  readonly at?: Decide;
  /** The process of that start is killed when something is kept. */
  readonly killed?: true;
  /** What the target declares. */
  readonly rejected?: readonly number[];
}

let api: FaultyApi;
let sandbox: Sandbox;
let started = 0;
const rows: Row[] = [];

beforeAll(async () => {
  api = await FaultyApi.start();
  sandbox = await Sandbox.open();
});
afterAll(async () => {
  await sandbox.close();
  await api.down();
});

const faults: readonly Fault[] = [
  { fault: 'down before the change', before: () => api.down() },
  { fault: 'down at its last step', at: at('PUT', () => meanwhile(api.down())) },
  { fault: 'the request of its first step is lost', at: at('POST', () => 'lose-request') },
  { fault: 'the answer to its first step is lost', at: at('POST', () => 'lose-answer') },
  { fault: 'the answer to its last step is lost', at: at('PUT', () => 'lose-answer') },
  { fault: 'no answer to its first step, which is not executed', at: at('POST', () => 'keep-request') },
  { fault: 'no answer to its last step, which is executed', at: at('PUT', () => 'keep-answer') },
  ...[401, 409, 422, 500, 503].map((status): Fault => ({
    fault: `its first step is answered with ${status}`,
    at: at('POST', () => ({ status })),
  })),
  {
    fault: 'its first step is answered with 503, which the target declares',
    at: at('POST', () => ({ status: 503 })),
    rejected: [503],
  },
  {
    fault: 'the same once, with `Retry-After`',
    at: once('POST', { status: 503, headers: { 'retry-after': '0' } }),
    rejected: [503],
  },
  { fault: 'its last step is answered with 422', at: at('PUT', () => ({ status: 422 })) },
  { fault: '`kill -9` before its first step', at: at('POST', () => 'keep-request'), killed: true },
  { fault: '`kill -9` between its steps', at: at('PUT', () => 'keep-request'), killed: true },
  { fault: '`kill -9` after its last step', at: at('PUT', () => 'keep-answer'), killed: true },
];

it.each(faults)('$fault', async (fault) => {
  const without = await outcomeOf(fault, false);
  const verifying = await outcomeOf(fault, true);
  rows.push({
    'what happens': fault.fault,
    'the ledger says': without.left,
    'the operator reads': without.read,
    'the next start': without.next,
    'the next start, where the change has a `verify`': verifying.next,
  });
});

it('what came of each is on the page of this target', async () => {
  expect(rows).toHaveLength(faults.length);
  await expectTable(PAGE, 'faults', rows);
});

interface FaultOutcome {
  readonly left: string;
  readonly read: string;
  readonly next: string;
}

/** Lets one start meet the fault, and a second one meet what is left of it. */
async function outcomeOf(
  { before, at: decide, killed, rejected = [] }: Fault,
  verifying: boolean,
): Promise<FaultOutcome> {
  const service = { audit: sandbox.path(`${(started += 1)}.db`), url: api.url };
  const options = { ...service, verifying, rejected };
  if (decide !== undefined) api.decide = decide;
  await before?.();
  const read = killed === true ? await killedStart(service) : await start(options);
  const left = (await outcomes(service.audit)).at(-1) ?? 'nothing of it';
  await api.up();
  const readNext = await start(options);
  const executed = api.executed();
  for (const times of Object.values(executed)) expect(times).toBe(1);
  if (readNext === '') expect(executed).toEqual(ALL);
  const after = (await outcomes(service.audit)).at(-1) ?? '';
  return {
    left,
    read: read === '' ? 'nothing: it is applied' : read,
    next: readNext === '' ? `goes on: ${after}` : `asks a person: ${/^`(\w+)`/.exec(readNext)?.[1] ?? ''}`,
  };
}

/** Resolves to what the operator reads as the reason; empty for a success. */
async function start(options: Parameters<typeof httpService>[0]): Promise<string> {
  const { flamingock, close } = httpService(options);
  try {
    await flamingock.run();
    return '';
  } catch (error) {
    if (!isFlamingockError(error)) throw error;
    return `\`${error.code}\`: ${/why: +(.*)/.exec(error.message)?.[1] ?? error.message}`;
  } finally {
    await close();
  }
}

async function killedStart(service: { readonly audit: string; readonly url: string }): Promise<string> {
  const kept = new Promise<void>((resolve) => (api.onKept = resolve));
  const args = Object.entries(service).flatMap(([name, value]) => [`--${name}`, value]);
  const child = sandbox.start('http-start', [START, ...args]);
  await kept;
  await child.stop('SIGKILL');
  return 'nothing: the process is gone';
}

/** Oldest first. */
async function outcomes(audit: string): Promise<readonly string[]> {
  const database = new Database(audit);
  try {
    return (await entriesIn(sqlAuditStore(database)))
      .filter((entry): entry is ChangeEntry => 'changeId' in entry)
      .map(({ state, proof }) => (state === 'STARTED' ? 'STARTED' : `${state} (${proof})`));
  } finally {
    database.close();
  }
}

function at(method: string, fate: () => Fate | Promise<Fate>): Decide {
  return (asked) => (asked === method ? fate() : 'pass');
}

function once(method: string, fate: Fate): Decide {
  let done = false;
  return (asked) => {
    if (asked !== method || done) return 'pass';
    done = true;
    return fate;
  };
}

async function meanwhile(happens: Promise<unknown>): Promise<Fate> {
  await happens;
  return 'lose-request';
}
