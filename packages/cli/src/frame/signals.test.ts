import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Flamingock } from '@flamingock/core';
import { type Interruption, interruption } from './signals.js';

let now: number;
let notes: string[];
let graces: (number | undefined)[];
let signals: Interruption;

beforeEach(() => {
  now = 0;
  notes = [];
  graces = [];
  signals = interruption(
    (line) => notes.push(line),
    () => now,
  );
  const close = ({ graceMs }: { readonly graceMs?: number } = {}): Promise<void> => {
    graces.push(graceMs);
    return Promise.resolve();
  };
  signals.guard({ close } as Flamingock);
});
afterEach(() => {
  signals.end();
});

/** As Node tells of a signal. */
function arrive(signal: NodeJS.Signals, at: number): void {
  now = at;
  process.emit(signal, signal);
}

test.each(['SIGINT', 'SIGTERM'] as const)('a %s that npm passes on is the same one', (signal) => {
  arrive(signal, 0);
  arrive(signal, 20);
  expect(notes).toEqual([expect.stringMatching(/^stopping: /)]);
  arrive(signal, 1_500);
  expect(notes).toEqual([expect.anything(), expect.stringMatching(/^stopping now/)]);
  expect(graces).toHaveLength(2);
  expect(graces[1]).toBe(0);
});

test('another signal stops the change at once', () => {
  arrive('SIGINT', 0);
  arrive('SIGTERM', 20);
  expect(graces).toEqual([expect.anything(), 0]);
  expect(signals.exit).toBe(130);
});

test('a terminal that goes away drains, however often it says so', () => {
  arrive('SIGHUP', 0);
  arrive('SIGHUP', 20);
  arrive('SIGHUP', 5_000);
  expect(graces).toEqual([undefined]);
  expect(signals.exit).toBe(129);
});

test('a terminal that goes away does not stop what Ctrl-C lets finish', () => {
  arrive('SIGINT', 0);
  arrive('SIGHUP', 5_000);
  expect(graces).toHaveLength(1);
  expect(signals.exit).toBe(130);
});

test('where no engine works, it ends the process', () => {
  signals.end();
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('the process has ended');
  });
  signals = interruption((line) => notes.push(line));
  expect(() => {
    arrive('SIGINT', 0);
  }).toThrow('the process has ended');
  expect(exit).toHaveBeenCalledWith(130);
});
