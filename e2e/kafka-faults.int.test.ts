import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type ChangeEntry, isFlamingockError } from '@flamingock/core';
import { type AclEntry, KafkaEvolution, kafkaTarget } from '@flamingock/kafka';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { Kafka, logLevel } from 'kafkajs';
import { describeWith } from '../tools/services/describe-with.mjs';
import { type KafkaCluster, ownKafka, startKafka } from '../tools/services/kafka.mjs';
import { kafkaService } from './fixtures/kafka-changes.mjs';
import { expectTable, type Row } from './harness/generated-table.js';
import { type Decide, type Fate, KafkaProxy } from './harness/kafka-proxy.js';
import { entriesIn } from './harness/ledger.js';
import { Sandbox } from './harness/sandbox.mjs';

const START = fileURLToPath(new URL('./fixtures/kafka-start.mjs', import.meta.url));
const PAGE = new URL('../docs/targets/kafka.md', import.meta.url);

const USER = 'orders';
const SECOND_CHANGE = 'scale-order-events';
/** Requests of the protocol: what the three steps of the second change send. */
const FIRST = 19;
const SECOND = 37;
const LAST = 33;

/** What happens to the start that comes to the second change, which has three steps. */
interface Fault {
  readonly fault: string;
  /** Before that start. */
  before?(): Promise<unknown>;
  /** At every request of that start. Default: it passes. */
  at?(apiKey: number): Fate | Promise<Fate>;
  /** The process of that start is killed when something is kept. */
  readonly killed?: true;
  /** Of that start. */
  readonly password?: string;
  /** Before the next start, in place of everything being well again. */
  then?(): Promise<unknown>;
  /** Only people can agree. */
  readonly refusedAgain?: true;
}

const describeWithKafka = await describeWith(ownKafka);

describeWithKafka('Faults of a Kafka cluster', () => {
  let cluster: KafkaCluster;
  let everything: KafkaEvolution;
  let proxy: KafkaProxy;
  let sandbox: Sandbox;
  let service: {
    readonly audit: string;
    readonly port: string;
    readonly user: string;
    readonly password: string;
    readonly topic: string;
  };
  const rows: Row[] = [];
  let restarted: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    cluster = await startKafka({ users: [USER] });
    const kafka = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING });
    everything = kafkaTarget(kafka).client(KafkaEvolution) as KafkaEvolution;
    proxy = await KafkaProxy.start(cluster.logon(USER).brokers[0] ?? '');
    sandbox = await Sandbox.open();
  }, 120_000);

  afterAll(async () => {
    await sandbox.close();
    await proxy.down();
    await cluster.stop();
  });

  beforeEach(async () => {
    const topic = cluster.topic();
    service = {
      audit: sandbox.path(`${topic}.db`),
      port: String(proxy.port),
      user: USER,
      password: USER,
      topic,
    };
    await everything.ensureAcls(rights());
  });

  const faults: readonly Fault[] = [
    { fault: 'down before the change', before: () => proxy.down() },
    { fault: 'down at its first step', at: at(FIRST, () => meanwhile(proxy.down())) },
    { fault: 'down at its last step', at: at(LAST, () => meanwhile(proxy.down())) },
    { fault: 'down after it', then: () => proxy.down() },
    {
      fault: 'restarted at its second step',
      at: at(SECOND, () => meanwhile((restarted = cluster.restart()))),
      then: () => restarted,
    },
    { fault: 'the reply to its first step is lost', at: at(FIRST, () => 'lose-reply') },
    { fault: 'the reply to its last step is lost', at: at(LAST, () => 'lose-reply') },
    { fault: 'no answer to its first step', at: at(FIRST, () => 'keep-request') },
    { fault: 'no answer to its last step, which is executed', at: at(LAST, () => 'keep-reply') },
    { fault: '`kill -9` before its first step', at: at(FIRST, () => 'keep-request'), killed: true },
    { fault: '`kill -9` between its first two steps', at: at(SECOND, () => 'keep-request'), killed: true },
    { fault: '`kill -9` between its last two steps', at: at(LAST, () => 'keep-request'), killed: true },
    { fault: '`kill -9` after its last step', at: at(LAST, () => 'keep-reply'), killed: true },
    { fault: 'the password is wrong', password: 'wrong' },
    { fault: 'no ACL', before: () => everything.removeAcls(rights()), then: () => allow() },
    { fault: 'no ACL for its first step', before: () => forbid('CREATE'), then: () => allow() },
    { fault: 'no ACL for its second step', before: () => forbid('ALTER'), then: () => allow() },
    { fault: 'no ACL for its last step', before: () => forbid('ALTER_CONFIGS'), then: () => allow() },
    {
      fault: 'somebody else creates the topic first, as wanted',
      before: () =>
        everything.ensureTopic({
          topic: `${service.topic}-failed`,
          partitions: 2,
          configs: { 'cleanup.policy': 'compact' },
        }),
    },
    {
      fault: 'somebody else creates the topic first, with other settings',
      before: () => everything.ensureTopic({ topic: `${service.topic}-failed`, partitions: 1 }),
      refusedAgain: true,
    },
    {
      fault: 'somebody else creates it with other settings, between the look and the request',
      at: at(FIRST, async (): Promise<Fate> => {
        await everything.ensureTopic({ topic: `${service.topic}-failed`, partitions: 1 });
        return 'pass';
      }),
      refusedAgain: true,
    },
  ];

  it.each(faults)(
    '$fault',
    async ({ fault, before, at: decide, killed, password, then, refusedAgain }) => {
      expect(await start({ count: 1 })).toBe('');
      await before?.();
      if (decide !== undefined) proxy.decide = decide;
      const read =
        killed === true ? await killedStart() : await start(password === undefined ? {} : { password });
      const recorded = await outcomes();
      await proxy.up();
      await then?.();
      const readNext = await start({});
      await proxy.up();

      expect(readNext === '').toBe(refusedAgain !== true);
      if (refusedAgain !== true) expect(await found()).toEqual([2, 6, '86400000']);
      rows.push({
        'what happens': fault,
        'the ledger says': recorded.at(-1) ?? 'nothing of it',
        'the operator reads': plain(read),
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

  it('nothing of a start keeps its process alive', async () => {
    const child = sandbox.start('kafka-start', [START, ...commandLine()]);
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(child.output).toContain('"outcome":"applied"');
  }, 60_000);

  it('what came of each is on the page of this target', async () => {
    expect(rows).toHaveLength(faults.length);
    await expectTable(PAGE, 'faults', rows);
  });

  /** Exactly what the page of this target says that its changes need. */
  function rights(): readonly AclEntry[] {
    return (['DESCRIBE', 'DESCRIBE_CONFIGS', 'CREATE', 'ALTER', 'ALTER_CONFIGS'] as const).map(right);
  }

  function right(operation: AclEntry['operation']): AclEntry {
    const { topic } = service;
    return {
      principal: `User:${USER}`,
      operation,
      resource: { type: 'TOPIC', name: topic, pattern: 'PREFIXED' },
    };
  }

  function forbid(operation: AclEntry['operation']): Promise<unknown> {
    return everything.removeAcls([right(operation)]);
  }

  function allow(): Promise<unknown> {
    return everything.ensureAcls(rights());
  }

  /** Resolves to what the operator reads as the reason; empty for a success. */
  async function start(differently: {
    readonly count?: number;
    readonly password?: string;
  }): Promise<string> {
    const { flamingock, close } = kafkaService({ ...service, ...differently });
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

  function commandLine(): readonly string[] {
    return Object.entries(service).flatMap(([name, value]) => [`--${name}`, value]);
  }

  async function killedStart(): Promise<string> {
    const kept = new Promise<void>((resolve) => (proxy.onKept = resolve));
    const child = sandbox.start('kafka-start', [START, ...commandLine()]);
    await kept;
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

  /** What the steps have made. */
  async function found(): Promise<readonly unknown[]> {
    const failed = await everything.ensureTopic({ topic: `${service.topic}-failed` });
    const events = await everything.ensureTopic({ topic: service.topic });
    return [failed?.partitions, events?.partitions, events?.configs['retention.ms']];
  }

  /** Without the names and the addresses of this run. */
  function plain(text: string): string {
    return text.replaceAll(service.topic, 'order-events').replace(/127\.0\.0\.1:\d+/g, 'broker:9092');
  }
});

function at(point: number, fate: () => Fate | Promise<Fate>): Decide {
  return (apiKey) => (apiKey === point ? fate() : 'pass');
}

async function meanwhile(happens: Promise<unknown>): Promise<Fate> {
  await happens;
  return 'lose-request';
}
