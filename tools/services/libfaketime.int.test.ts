import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from './describe-with.mjs';
import { createFakeClock, libfaketime } from './libfaketime.mjs';

const HOUR = 3_600_000;
/** More than a process takes to start, and less than what its clocks are moved by. */
const SOME_TIME = 600_000;

const describeWithFaketime = await describeWith(libfaketime);

describeWithFaketime('Clocks that are moved', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'flamingock-clock-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['wall', HOUR, { wall: HOUR, monotonic: 0 }],
    ['wall', -HOUR, { wall: -HOUR, monotonic: 0 }],
    ['all', HOUR, { wall: HOUR, monotonic: HOUR }],
  ] as const)('%s, by %i ms, while the process runs', async (clocks, offsetMs, expected) => {
    const file = join(folder, `${clocks}${offsetMs}`);
    const clock = await createFakeClock(file, { clocks });
    // The process moves its own clock, as `move` does.
    const script = `
      import { writeFileSync } from 'node:fs';
      const before = { wall: Date.now(), monotonic: performance.now() };
      writeFileSync(${JSON.stringify(file)}, '${offsetMs < 0 ? '' : '+'}${offsetMs / 1000}');
      console.log(JSON.stringify({ wall: Date.now() - before.wall, monotonic: performance.now() - before.monotonic }));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        env: { PATH: process.env['PATH'], ...clock.environment },
      },
    );
    const moved = JSON.parse(stdout) as typeof expected;
    expect(Math.abs(moved.wall - expected.wall)).toBeLessThan(SOME_TIME);
    expect(Math.abs(moved.monotonic - expected.monotonic)).toBeLessThan(SOME_TIME);
  });
});
