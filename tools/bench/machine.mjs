import { cpus, totalmem } from 'node:os';

/**
 * What the numbers depend on.
 *
 * @param {string} server its name and version
 */
export function machine(server) {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: cpu?.model.trim() ?? 'unknown',
      cores: cpus().length,
      gigabytes: Math.round(totalmem() / 2 ** 30),
      platform: process.platform,
      node: process.version,
      server,
    },
  };
}
