import { describe, expect, test } from '@jest/globals';
import { Child } from '../../test/child-of.js';
import type { HostedBehaviour } from '../../test/hosted-application.js';

const APPLICATION = new URL('../../test/hosted-application.ts', import.meta.url);

/** An application that is in the middle of its first change. */
async function inTheMiddle(behaviour: Partial<HostedBehaviour> = {}): Promise<Child> {
  const child = new Child(APPLICATION, JSON.stringify({ change: 'waits', ...behaviour }));
  await child.wrote('the change has begun');
  return child;
}

describe('a signal in the middle of a change', () => {
  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'lets it end on %s, starts no other, and ends the process',
    async (signal) => {
      const child = await inTheMiddle();
      child.signal(signal);
      await child.wrote(`${signal} received`);
      // As a terminal and npm both send it.
      child.signal(signal);
      child.tell('go on');
      expect(await child.exited).toEqual({ code: null, signal });
      expect(child.output).toContain('the change is over');
      expect(child.output).not.toContain('the second change has run');
      expect(child.output.match(/received/g)).toHaveLength(1);
    },
  );

  test('ends a process that listens already while its changes run in the background', async () => {
    const child = await inTheMiddle({ hold: 'background' });
    await child.wrote('it goes on');
    child.signal('SIGTERM');
    await child.wrote('state: closed');
    child.tell('go on');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.output).not.toContain('FLG_');
  });

  test.each<HostedBehaviour['listens']>(['always', 'once'])(
    'leaves the end to a listener of the application, one that listens %s',
    async (listens) => {
      const child = await inTheMiddle({ hold: 'background', ...(listens === undefined ? {} : { listens }) });
      child.signal('SIGTERM');
      await child.wrote('SIGTERM received');
      child.tell('go on');
      expect(await child.exited).toEqual({ code: 3, signal: null });
      expect(child.output).toContain('ends by itself');
      expect(child.output.match(/heard it/g)).toHaveLength(1);
    },
  );

  test('keeps the application from starting, although its last change was applied', async () => {
    const child = await inTheMiddle({ single: true, listens: 'always' });
    child.signal('SIGTERM');
    await child.wrote('SIGTERM received');
    child.tell('go on');
    await child.wrote('FLG_CLOSED');
    expect(child.output).not.toContain('it goes on');
    expect(await child.exited).toEqual({ code: 3, signal: null });
  });

  test('ends the process when the last of two engines is done', async () => {
    const child = await inTheMiddle({ engines: 2, hold: 'background' });
    child.signal('SIGTERM');
    await child.wrote('SIGTERM received');
    child.tell('go on');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.output.match(/the change is over/g)).toHaveLength(2);
  });

  test('ends the first process of a container, where the kernel drops the signal', async () => {
    const child = await inTheMiddle({ first: true, hold: 'background' });
    child.signal('SIGTERM');
    await child.wrote('SIGTERM received');
    child.tell('go on');
    expect(await child.exited).toEqual({ code: 143, signal: null });
  });
});
