import { runGate } from './report.mjs';

/** `node tools/gates/gate.mjs '<shell command>'`: a gate that passes when its command does. */
const [command] = process.argv.slice(2);
if (command === undefined) throw new Error("Usage: node tools/gates/gate.mjs '<shell command>'");

await runGate(command, [], (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 }), {
  shell: true,
});
