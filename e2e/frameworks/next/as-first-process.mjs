import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Runs `node` with these arguments as the first process of a namespace, as that of a container is: a signal that it does not
 * listen for never reaches it. Signals are passed on, and it ends as that one does.
 */
const command = ['--pid', '--fork', '--mount-proc', process.execPath, ...process.argv.slice(2)];
const unshare = spawn('unshare', command, { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT']))
  process.on(signal, () => {
    const children = readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8');
    process.kill(Number(children.trim()), signal);
  });
unshare.on('exit', (code, signal) => {
  console.log(`the first process has ended with ${code ?? signal}`);
});
