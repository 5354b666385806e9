import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { chromium } from './chromium.mjs';
import { named } from './installation.mjs';
import { kafka } from './kafka.mjs';
import { libfaketime } from './libfaketime.mjs';
import { mariadb } from './mariadb.mjs';
import { mongodb } from './mongodb.mjs';
import { newerNode } from './newer-node.mjs';
import { nginx } from './nginx.mjs';
import { pgBouncer } from './pgbouncer.mjs';
import { postgres } from './postgres.mjs';
import { redis } from './redis.mjs';
import { registry } from './registry.mjs';

/**
 * `node tools/services/installed.mjs`: which servers the tests find here, and what this process may do beside. It is an
 * input of every gate of tests: a result from the cache would hide that a server has come, was updated or is named by
 * the person, and that CI does not let a test skip for the lack of one.
 */
const services = [
  postgres,
  pgBouncer,
  mariadb,
  mongodb,
  kafka,
  registry,
  nginx,
  redis,
  libfaketime,
  chromium,
  newerNode,
];

/** @param {import('./installation.mjs').Service} service */
function found(service) {
  const url = named(service);
  // A URL has a password.
  if (url !== undefined) return createHash('sha256').update(url).digest('hex');
  const program = service.find();
  return program === undefined ? 'missing' : `${program} of ${statSync(program).mtime.toISOString()}`;
}

/** What this process may do beyond its files: mounting a small disk takes one of these rights. */
function rights() {
  try {
    return /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

for (const service of services) console.log(`${service.name}: ${found(service)}`);
console.log(`Rights: ${rights() ?? ''}`);
console.log(`CI: ${process.env['CI'] ?? ''}`);
