import { expect, test } from '@jest/globals';
import { AttemptCalls, type CallEnd } from './attempt-calls.js';

function after(...ends: readonly CallEnd[]) {
  const calls = new AttemptCalls();
  for (const end of ends) {
    calls.begin();
    calls.end(end);
  }
  return calls;
}

test.each<[readonly CallEnd[], string, boolean]>([
  [['not-sent'], 'not-sent', true],
  [['rejected'], 'rejected', true],
  [['not-sent', 'rejected'], 'rejected', true],
  [['done', 'rejected'], 'none', true],
  [['done', 'not-sent'], 'none', true],
  [['unknown'], 'none', false],
  [['rejected', 'unknown'], 'none', false],
  // Nothing was seen to fail: what did may have acted by other ways.
  [[], 'none', true],
])('%j proves %s', (ends, proof, settled) => {
  expect(after(...ends).evidence()).toEqual({ proof, settled });
});

test('a look that failed before anything was sent proves that nothing was', () => {
  const calls = after();
  calls.readFailed();
  expect(calls.evidence()).toEqual({ proof: 'not-sent', settled: true });
});

test('a look that failed after something was done proves nothing', () => {
  const calls = after('done');
  calls.readFailed();
  expect(calls.evidence().proof).toBe('none');
});

test('a call that is still open proves nothing, and may still be executed', () => {
  const calls = after('rejected');
  calls.begin();
  expect(calls.evidence()).toEqual({ proof: 'none', settled: false });
});
