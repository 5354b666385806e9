import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { CallTasks } from './call-tasks.js';

const late = (): Error => new Error('too late');
const same = <T>(value: T): T => value;

test('a call that failed leaves what is under way unfinished, and tells it so', async () => {
  const tasks = new CallTasks();
  let told = false;
  const call = tasks.during(async () => {
    const waiting = new Promise<void>((resolve) => {
      tasks.over.addEventListener('abort', () => {
        told = true;
        resolve();
      });
    });
    void tasks.do(() => waiting, same, late);
    await nextTurn();
    throw new Error('the change failed');
  });
  await expect(call).rejects.toThrow('the change failed');
  expect([tasks.unfinished, told]).toEqual([true, true]);
});

test('the failure of what a failed call has left behind is nobody’s', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const tasks = new CallTasks();
    const call = tasks.during(async () => {
      void tasks.do(() => nextTurn().then(() => Promise.reject(late())), same, late);
      await Promise.reject(new Error('the change failed'));
    });
    await expect(call).rejects.toThrow('the change failed');
    await nextTurn();
    await nextTurn();
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

test('a call that returned is over when all of it is, and takes nothing more', async () => {
  const tasks = new CallTasks();
  await tasks.during(async () => {
    await nextTurn();
    void tasks.do(() => nextTurn(), same, late);
  });
  expect([tasks.unfinished, tasks.over.aborted]).toEqual([false, true]);
  await expect(tasks.do(() => nextTurn(), same, late)).rejects.toThrow('too late');
});
