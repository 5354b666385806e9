import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Child } from '../../harness/child.mjs';
import { Sandbox } from '../../harness/sandbox.mjs';

const APPLICATION = fileURLToPath(new URL('slow-application.mjs', import.meta.url));

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
});
afterEach(() => sandbox.close());

/** An application with a request that goes on until the file `go` is there. */
async function answering(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ child: Child; url: string; answer: Promise<Response> }> {
  const child = sandbox.start('slow-application', [APPLICATION], { GO: sandbox.path('go'), ...environment });
  const [, port = ''] = await child.line(/^listening (\d+)$/);
  const url = `http://127.0.0.1:${port}/slow`;
  const answer = fetch(url);
  // It is awaited later, where it is of interest at all.
  answer.catch(() => undefined);
  await child.line(/^asked$/);
  return { child, url, answer };
}

async function untilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url, { signal: AbortSignal.timeout(200), headers: { connection: 'close' } });
    } catch (error) {
      if ((error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED') return;
    }
  }
}

describe('An Express application that is told to end while it answers', () => {
  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'accepts nothing more on %s, answers, and ends by it; a second signal changes nothing',
    async (signal) => {
      const { child, url, answer } = await answering();
      child.signal(signal);
      await untilRefused(url);
      child.signal(signal);
      await writeFile(sandbox.path('go'), '');
      await expect((await answer).json()).resolves.toBe('done');
      expect(await child.exited).toEqual({ code: null, signal });
      expect(child.lines.filter((line) => line === 'closed')).toHaveLength(1);
    },
  );

  it('ends when the last of its servers has', async () => {
    const { child, url, answer } = await answering({ SERVERS: '2' });
    child.signal('SIGTERM');
    await untilRefused(url);
    await child.line(/^closed$/);
    await writeFile(sandbox.path('go'), '');
    await expect((await answer).json()).resolves.toBe('done');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.lines.filter((line) => line === 'closed')).toHaveLength(2);
  });

  it('leaves the end to the application where that listens, also for once', async () => {
    const { child, answer } = await answering({ LISTENS: '1' });
    child.signal('SIGTERM');
    await child.line(/^heard it$/);
    await writeFile(sandbox.path('go'), '');
    await expect((await answer).json()).resolves.toBe('done');
    expect(await child.exited).toEqual({ code: 3, signal: null });
  });

  it('tells of an onClosed that fails, and ends with 1', async () => {
    const { child } = await answering({ FAILS: '1' });
    await writeFile(sandbox.path('go'), '');
    expect(await child.stop()).toEqual({ code: 1, signal: null });
    expect(child.output).toContain('the pool is gone');
  });

  it('ends by the signal where the application hears of an onClosed that fails', async () => {
    const { child } = await answering({ FAILS: '1', HEARS: '1' });
    await writeFile(sandbox.path('go'), '');
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.output).toContain('heard of Error: the pool is gone');
  });
});
