import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { named } from './installation.mjs';
import { libfaketime } from './libfaketime.mjs';
import { pgBouncer } from './pgbouncer.mjs';
import { postgres } from './postgres.mjs';

/**
 * `node tools/services/installed.mjs`: which servers the tests find here. It is an input of every gate of tests: a
 * result from the cache would hide that a server has come, was updated or is named by the person, and that CI does
 * not let a test skip for the lack of one.
 */
const services = [postgres, pgBouncer, libfaketime];

/** @param {import('./installation.mjs').Service} service */
function found(service) {
  const url = named(service);
  // A URL has a password.
  if (url !== undefined) return createHash('sha256').update(url).digest('hex');
  const program = service.find();
  return program === undefined ? 'missing' : `${program} of ${statSync(program).mtime.toISOString()}`;
}

for (const service of services) console.log(`${service.name}: ${found(service)}`);
console.log(`CI: ${process.env['CI'] ?? ''}`);
