// Starts the standalone output, where nothing else of the project can be found; prints what the page shows, and ends it.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const { PORT, DATABASE_URL, PATH } = process.env;
const elsewhere = mkdtempSync(join(tmpdir(), 'standalone-'));
cpSync('.next/standalone', elsewhere, { recursive: true });
const environment = { PATH, PORT, DATABASE_URL, HOSTNAME: '127.0.0.1', FLAMINGOCK_ENV: 'fresh-project' };
const server = spawn(process.execPath, [join(elsewhere, 'server.js')], {
  env: environment,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const ended = new Promise((resolve) => server.on('exit', resolve));
const ask = (path) => fetch(`http://127.0.0.1:${PORT}${path}`);

try {
  while (server.exitCode === null) {
    const ready = await ask('/health/ready').catch(() => undefined);
    if (ready?.ok) {
      const page = await (await ask('/')).text();
      console.log(/<p>(.*?)<\/p>/.exec(page)?.[1].replaceAll('&quot;', '"'));
      break;
    }
    await pause(100);
  }
} finally {
  server.kill();
  await ended;
  rmSync(elsewhere, { recursive: true });
}
