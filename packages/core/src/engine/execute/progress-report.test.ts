import { expect, test } from '@jest/globals';
import type { Progress } from '../../change/change-context.js';
import { Redactor } from '../../report/redactor.js';
import { systemTime, type Time } from '../../time.js';
import { ProgressReport } from './progress-report.js';

function reporting(): {
  report: ProgressReport;
  passed: Progress[];
  lines: number[];
  at(ms: number): void;
} {
  const passed: Progress[] = [];
  const lines: number[] = [];
  let now = 0;
  const time: Time = { ...systemTime, clocks: () => ({ monotonic: now, wall: now }) };
  const report = new ProgressReport(time, new Redactor(['hunter2']), {
    progress: (progress) => passed.push(progress),
    stillRunning: (ms) => lines.push(ms),
  });
  return {
    report,
    passed,
    lines,
    at: (ms) => {
      now = ms;
    },
  };
}

test('the first report is passed on at once, later ones a few times a second, and the last one always', () => {
  const { report, passed, at } = reporting();
  for (let done = 1; done <= 1000; done += 1) {
    at(done);
    report.take(done, 1000, undefined);
  }
  report.end();
  expect(passed.map(({ done }) => done)).toEqual([1, 251, 501, 751, 1000]);
});

test('a note is one short line without secrets', () => {
  const { report, passed } = reporting();
  report.take(1, undefined, `from postgres://app:hunter2@db\n${'x'.repeat(500)}`);
  expect(passed[0]?.note).toHaveLength(200);
  expect(passed[0]?.note).not.toMatch(/hunter2|\n/);
});

test.each([['1'], [Number.NaN], [-1], [Infinity], [undefined]])('%s is no progress', (done) => {
  const { report, passed } = reporting();
  report.take(done, 10, 'note');
  report.end();
  expect(passed).toEqual([]);
});

test('what comes after the end is not passed on', () => {
  const { report, passed } = reporting();
  report.end();
  report.take(1, 2, undefined);
  expect(passed).toEqual([]);
});

test('a change that says nothing shows that it is alive, more and more rarely', () => {
  const { report, lines, at } = reporting();
  for (let ms = 1000; ms <= 300_000; ms += 1000) {
    at(ms);
    report.beat();
  }
  expect(lines).toEqual([10_000, 20_000, 40_000, 80_000, 140_000, 200_000, 260_000]);
});
