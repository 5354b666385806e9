import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type ChangeEntry, isFlamingockError } from '@flamingock/core';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { describeWith } from '../tools/services/describe-with.mjs';
import { ownRegistry, type Registry, startRegistry } from '../tools/services/registry.mjs';
import { registryService } from './fixtures/registry-changes.mjs';
import { expectTable, type Row } from './harness/generated-table.js';
import { entriesIn } from './harness/ledger.js';
import { type Fate, RegistryProxy } from './harness/registry-proxy.js';
import { Sandbox } from './harness/sandbox.mjs';

const START = fileURLToPath(new URL('./fixtures/registry-start.mjs', import.meta.url));
const PAGE = new URL('../docs/targets/schema-registry.md', import.meta.url);

const SECOND_CHANGE = 'register-order-event-v2';
const OTHER = JSON.stringify({ type: 'record', name: 'OrderEvent', fields: [] });
const REGISTER = /^POST \/subjects\/[^/]+\/versions$/;
const SET_LEVEL = /^PUT \/config\//;

/** What happens to the start that comes to the second change, which has two steps. */
interface Fault {
  readonly fault: string;
  /** Before that start. */
  before?(): Promise<unknown>;
  /** At every request of that start. Default: it passes. */
  at?(asked: string): Fate | Promise<Fate>;
  /** The process of that start is killed when something is kept. */
  readonly killed?: true;
  /** Before the next start, in place of everything being well again. */
  then?(): Promise<unknown>;
  /** Only people can agree. */
  readonly refusedAgain?: true;
}

const describeWithServers = await describeWith(ownRegistry);

describeWithServers('Faults of a schema registry', () => {
  let registry: Registry;
  let proxy: RegistryProxy;
  let sandbox: Sandbox;
  let service: { readonly audit: string; readonly url: string; readonly subject: string };
  const rows: Row[] = [];

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    registry = await startRegistry({ exclusive: true });
    sandbox.onClose(() => registry.stop());
    proxy = await RegistryProxy.start(registry.url);
    sandbox.onClose(() => proxy.down());
  }, 90_000);

  afterAll(() => sandbox.close());

  beforeEach(() => {
    const subject = registry.subject();
    service = { audit: sandbox.path(`${subject}.db`), url: proxy.url, subject };
  });

  const faults: readonly Fault[] = [
    { fault: 'down before the change', before: () => proxy.down() },
    { fault: 'down at its first step', at: at(REGISTER, () => meanwhile(proxy.down())) },
    { fault: 'down at its second step', at: at(SET_LEVEL, () => meanwhile(proxy.down())) },
    { fault: 'down after it', then: () => proxy.down() },
    {
      fault: 'restarted at its first step',
      at: at(REGISTER, () => meanwhile(registry.kill())),
      then: async () => {
        await registry.restart();
        // Its first answer takes longer than a request may.
        await call('GET', `/subjects/${service.subject}/versions`);
        await proxy.up();
      },
    },
    { fault: 'the reply to its first step is lost', at: at(REGISTER, () => 'lose-reply') },
    { fault: 'the reply to its last step is lost', at: at(SET_LEVEL, () => 'lose-reply') },
    { fault: 'no answer to its first step', at: at(REGISTER, () => 'keep-request') },
    { fault: '503 at its first step', at: at(REGISTER, () => answer(503, 'no leader')) },
    { fault: '503 at its second step', at: at(SET_LEVEL, () => answer(503, 'no leader')) },
    { fault: '409 at its first step', at: at(REGISTER, () => answer(409, 'incompatible: customerTier')) },
    { fault: '422 at its first step', at: at(REGISTER, () => answer(422, 'invalid schema')) },
    { fault: '401 at every request', at: () => answer(401, 'Unauthorized') },
    { fault: '403 at its second step', at: at(SET_LEVEL, () => answer(403, 'no right')) },
    { fault: '`kill -9` before its first step', at: at(REGISTER, () => 'keep-request'), killed: true },
    { fault: '`kill -9` between its steps', at: at(SET_LEVEL, () => 'keep-request'), killed: true },
    { fault: '`kill -9` after its last step', at: at(SET_LEVEL, () => 'keep-reply'), killed: true },
    {
      fault: 'somebody else registers another second version first',
      before: () => call('POST', `/subjects/${service.subject}/versions`, { schema: OTHER }),
      refusedAgain: true,
    },
    {
      fault: 'somebody else sets another level first',
      before: () => call('PUT', `/config/${service.subject}`, { compatibility: 'FORWARD' }),
      refusedAgain: true,
    },
  ];

  it.each(faults)(
    '$fault',
    async ({ fault, before, at: decide, killed, then, refusedAgain }) => {
      expect(await start(1)).toBe('');
      await before?.();
      if (decide !== undefined) proxy.decide = decide;
      const read = killed === true ? await killedStart() : await start();
      const recorded = await outcomes();
      await (then ?? (() => proxy.up()))();
      const readNext = await start();
      await proxy.up();

      if (refusedAgain === true) expect(readNext).toBe(read);
      else
        expect([
          readNext,
          await call('GET', `/subjects/${service.subject}/versions`),
          await call('GET', `/config/${service.subject}`),
        ]).toEqual(['', [1, 2], { compatibilityLevel: 'FULL' }]);
      rows.push({
        'what happens': fault,
        'the ledger says': recorded.at(-1) ?? 'nothing of it',
        'the operator reads':
          read.replaceAll(service.subject, 'order-events-value') || 'nothing: it is applied',
        'the next start': [
          readNext === '' ? 'goes on' : 'refuses again',
          (await outcomes())
            .slice(recorded.length)
            .filter((outcome) => outcome !== 'STARTED')
            .join(', then '),
        ]
          .filter((text) => text !== '')
          .join(': '),
      });
    },
    120_000,
  );

  it('what came of each is on the page of this target', async () => {
    expect(rows).toHaveLength(faults.length);
    await expectTable(PAGE, 'faults', rows);
  });

  /** Resolves to what the operator reads as the reason; empty for a success. */
  async function start(count?: number): Promise<string> {
    const { flamingock, close } = registryService({ ...service, ...(count === undefined ? {} : { count }) });
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

  async function killedStart(): Promise<string> {
    const kept = new Promise<void>((resolve) => (proxy.onKept = resolve));
    const args = Object.entries(service).flatMap(([name, value]) => [`--${name}`, value]);
    const child = sandbox.start('registry-start', [START, ...args]);
    const ended = child.exited.then(() => Promise.reject(new Error(child.output)));
    await Promise.race([kept, ended]);
    ended.catch(() => undefined);
    await child.stop('SIGKILL');
    return 'nothing: the process is gone';
  }

  /** Of the second change, oldest first. */
  async function outcomes(): Promise<readonly string[]> {
    const database = new Database(service.audit);
    try {
      return (await entriesIn(sqlAuditStore(database)))
        .filter((entry): entry is ChangeEntry => 'changeId' in entry && entry.changeId === SECOND_CHANGE)
        .map(({ state, proof }) => (state === 'STARTED' ? 'STARTED' : `${state} (${proof})`));
    } finally {
      database.close();
    }
  }

  /** The registry itself, not by way of the proxy. */
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${registry.url}${path}`, {
      method,
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
});

function at(point: RegExp, fate: () => Fate | Promise<Fate>): NonNullable<Fault['at']> {
  return (asked) => (point.test(asked) ? fate() : 'pass');
}

async function meanwhile(happens: Promise<unknown>): Promise<Fate> {
  await happens;
  return 'lose-request';
}

/** One that the registry itself does not give in this state; with its form. */
function answer(status: number, message: string): Fate {
  return { status, body: { error_code: status, message } };
}
