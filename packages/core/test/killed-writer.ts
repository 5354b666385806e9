import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * `killed-writer <directory> <step>`: replaces `routes.json`, and is killed right before a step of that: an operation of
 * the file system, or of an open file (`sync`).
 */
const [directory = '', step = ''] = process.argv.slice(2);
const handle = await fs.promises.open(import.meta.filename);
const ofFiles = Object.getPrototypeOf(handle) as Record<string, unknown>;
await handle.close();

const die = (): void => void process.kill(process.pid, 'SIGKILL');
if (step === 'the end') process.on('exit', die);
else if (step in ofFiles) ofFiles[step] = die;
else Object.assign(fs.promises, { [step]: die });
syncBuiltinESMExports();

const { fileTarget } = await import('../src/target/file/file-target.js');
const { TargetFiles } = await import('../src/target/file/target-files.js');
const files = fileTarget({ directory }).client(TargetFiles) as InstanceType<typeof TargetFiles>;
await files.write('routes.json', 'new '.repeat(10_000));
