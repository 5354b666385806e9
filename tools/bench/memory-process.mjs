/**
 * `node memory-process.mjs <what it does> <url> <first change> <last change>`: plays one scene of `memory.mjs` and prints
 * the process's largest resident set, in megabytes, as Linux has it. Whatever a scene does not need is not even loaded.
 */
import { readFileSync } from 'node:fs';

const [does, url = '', from, count] = process.argv.slice(2);

if (does === 'pool') {
  const { warmPool } = await import('./pools.mjs');
  await (await warmPool(url)).end();
}
if (does === 'open' || does === 'start') {
  const { flamingockOnPg } = await import('./contenders/flamingock.mjs');
  const options = { url, from: Number(from), count: Number(count), folder: '' };
  const application = await flamingockOnPg('TX_SHARED').open(options);
  if (does === 'start') await application.start();
  await application.close();
}

// `resourceUsage().maxRSS` begins with what the process that started this one had taken; this does not.
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
console.log(Number(kilobytes) / 1024);
