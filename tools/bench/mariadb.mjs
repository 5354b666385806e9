import mysql from 'mysql2/promise';
import { startMariadb } from '../services/mariadb.mjs';
import { EFFECTS } from './changes.mjs';
import { flamingockOnMysql, peers as allPeers } from './contenders/index.mjs';
import { delayed } from './delayed.mjs';
import { interleaved } from './interleaved.mjs';
import { median, rounded } from './statistics.mjs';
import { allMet, atMost } from './target.mjs';

/** Those of the peers that go to MariaDB as they go to PostgreSQL. */
const PEERS = ['knex', 'typeorm'];
/** Every tool applies them itself, one commit after the other. */
const MOST_APPLIED = 1000;
/** For each point: how often everybody starts, and how much time each may take for that, in milliseconds. */
const LIMITS = { rounds: 101, budgetMs: 2_000 };

/** @typedef {import('./contenders/contender.mjs').Contender} Contender */
/** @typedef {Pick<Contender, 'name'> & { open: (options: { url: string, count: number, folder: string }) => Promise<import('./contenders/contender.mjs').Application> }} Tool */
/** @typedef {{ name: string, statements: number, milliseconds: number, ratio: number }} MariadbStart */
/** @typedef {{ applied: number, rtt: number, contenders: readonly MariadbStart[] }} MariadbPoint */

/**
 * @typedef {object} MariadbMeasured
 * @property {string} server its version
 * @property {readonly MariadbPoint[]} points starts with nothing pending
 * @property {readonly { name: string, times: readonly { pending: number, millisecondsPerChange: number }[] }[]} applying
 */

/**
 * `mariadb`: starts with nothing pending, and applying, on a MariaDB server as durable as it is by default.
 *
 * @param {Pick<import('./options.mjs').BenchOptions, 'peers' | 'applied' | 'rtts' | 'pending'>} options
 * @param {(line: string) => void} say
 */
export async function measureMariadb({ peers, applied, rtts, pending }, say) {
  // The log comes with the option; logging itself costs time, and is switched on where it is needed.
  const server = await startMariadb({ logStatements: true, settings: { general_log: 'off' } });
  try {
    const others = allPeers.filter(({ name }) => PEERS.includes(name) && peers.includes(name));
    /** @type {MariadbPoint[]} */
    const points = [];
    for (const count of applied.filter((number) => number <= MOST_APPLIED)) {
      const prepared = [];
      for (const tool of [flamingockOnMysql('TX_SEPARATE'), ...others]) {
        say(`mariadb: ${tool.name} with ${count} applied changes`);
        prepared.push(await prepare(server, tool, count));
      }
      for (const rtt of rtts) points.push(await measure(prepared, count, rtt));
    }
    const appliers = [flamingockOnMysql('TX_SEPARATE'), flamingockOnMysql('NON_TX'), ...others];
    const applying = await apply(server, appliers, pending, say);
    const [[version]] = /** @type {[{ version: string }[], unknown]} */ (
      await ask(server.url, 'SELECT VERSION() AS version')
    );
    const targets = points.flatMap(targetsOf);
    return { server: version?.version ?? '', points, applying, targets, ok: allMet(targets) };
  } finally {
    await server.stop();
  }
}

/** @param {MariadbPoint} point */
function targetsOf({ applied, rtt, contenders: [ours, ...others] }) {
  const where = `MariaDB, ${applied} applied, ${rtt} ms for a round trip`;
  return [
    atMost(`statements of a start (${where})`, ours?.statements ?? NaN, 1),
    ...others.map(({ name, ratio }) => atMost(`times ${name} (${where})`, rounded(1 / ratio), 1)),
  ];
}

/**
 * A database where `count` changes are applied, and how many statements a start on it sends.
 *
 * @param {import('../services/mariadb.mjs').Mariadb} server
 * @param {Tool} tool
 * @param {number} count
 */
async function prepare(server, tool, count) {
  const { url } = await begun(server, tool, count);
  const open = (/** @type {string} */ address) => tool.open({ url: address, count, folder: '' });
  // It tells of a connection which database it is for only when it is made.
  await server.set('general_log', 'ON');
  const application = await open(url);
  const before = (await server.statements(url)).length;
  await application.start();
  const statements = (await server.statements(url)).length - before;
  await server.set('general_log', 'OFF');
  await application.close();
  return { name: tool.name, url, open, statements };
}

/**
 * @param {readonly Awaited<ReturnType<typeof prepare>>[]} prepared ours first
 * @param {number} applied
 * @param {number} rtt
 * @returns {Promise<MariadbPoint>}
 */
async function measure(prepared, applied, rtt) {
  const networks = await Promise.all(prepared.map(({ url }) => delayed(url, rtt)));
  const applications = await Promise.all(
    prepared.map(({ open, url }, index) => open(networks[index]?.url ?? url)),
  );
  const times = await interleaved(
    applications.map(({ start }) => start),
    LIMITS,
  );
  await Promise.all(applications.map((application) => application.close()));
  await Promise.all(networks.map(({ close }) => close()));
  const ours = median(times[0] ?? []);
  return {
    applied,
    rtt,
    contenders: prepared.map(({ name, statements }, index) => {
      const taken = median(times[index] ?? []);
      return { name, statements, milliseconds: rounded(taken), ratio: rounded(taken / ours) };
    }),
  };
}

/**
 * @param {import('../services/mariadb.mjs').Mariadb} server
 * @param {readonly Tool[]} tools
 * @param {readonly number[]} pending
 * @param {(line: string) => void} say
 */
async function apply(server, tools, pending, say) {
  const applying = [];
  for (const tool of tools) {
    const times = [];
    for (const size of pending) {
      say(`mariadb: ${tool.name} applies ${size} changes`);
      const { url } = await begun(server, tool, 1);
      const application = await tool.open({ url, count: size + 1, folder: '' });
      const started = performance.now();
      await application.start();
      const taken = performance.now() - started;
      await application.close();
      times.push({ pending: size, millisecondsPerChange: rounded(taken / size) });
    }
    applying.push({ name: tool.name, times });
  }
  return applying;
}

/**
 * A database to which a tool has applied its first changes.
 *
 * @param {import('../services/mariadb.mjs').Mariadb} server
 * @param {Tool} tool
 * @param {number} count
 */
async function begun(server, tool, count) {
  const { url } = await server.createDatabase();
  await ask(url, EFFECTS);
  const first = await tool.open({ url, count, folder: '' });
  await first.start();
  await first.close();
  return { url };
}

/**
 * @param {string} url
 * @param {string} question
 */
async function ask(url, question) {
  const client = await mysql.createConnection(url);
  try {
    return await client.query(question);
  } finally {
    await client.end();
  }
}
