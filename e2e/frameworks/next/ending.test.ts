import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FrameworkProcess } from '@flamingock/testing';
import { SubjectDeployment } from '../harness/framework-deployment.js';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { SERVER_MISSING } from '../../../tools/services/installation.mjs';
import type { FrameworkSubject } from '../harness/subject.js';
import { buildNext } from './build.mjs';
import { subjects } from './subjects.js';

const FIRST = fileURLToPath(new URL('as-first-process.mjs', import.meta.url));

const describeAsFirst = await describeWith(async () => {
  if (spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0) return;
  const message = 'Tests of the first process of a container need unshare, and the right to use it.';
  throw Object.assign(new Error(message), { code: SERVER_MISSING });
});

const [subject] = subjects.filter(({ name }) => name === 'Next.js 16, block');

beforeAll(() => buildNext(16), 600_000);

let deployment: SubjectDeployment | undefined;
afterEach(() => deployment?.close());

/** `next start`, in the middle of its second change. */
async function inTheMiddle(changed: Partial<FrameworkSubject>): Promise<FrameworkProcess> {
  deployment = await SubjectDeployment.open({ ...(subject as FrameworkSubject), ...changed });
  const child = await deployment.start({ behaviour: 'slow' });
  await Promise.race([deployment.untilHolding(), tooEarly(child)]);
  return child;
}

async function tooEarly(child: FrameworkProcess): Promise<never> {
  throw new Error(`It ended with ${await child.ended}:\n${child.output}`);
}

/** What a signal in the middle of a change leaves behind. */
async function end(child: FrameworkProcess): Promise<readonly string[] | undefined> {
  child.signal('SIGTERM');
  await child.untilWritten(/SIGTERM received/);
  await deployment?.letGo();
  await child.ended;
  return deployment?.outcomes();
}

const DRAINED = ['1-create APPLIED', '2-enter APPLIED'];

describe('next start that is told to end in the middle of a change', () => {
  it('ends by the signal with NEXT_MANUAL_SIG_HANDLE, where nobody else listens for it', async () => {
    const child = await inTheMiddle({ environment: { NEXT_MANUAL_SIG_HANDLE: '1' } });
    expect(await end(child)).toEqual(DRAINED);
    await expect(child.ended).resolves.toBe('SIGTERM');
  }, 60_000);
});

describeAsFirst(
  'next start as the first process of a container, told to end in the middle of a change',
  () => {
    it.each([
      ['as Next.js ends it', {}, 143],
      ['also with NEXT_MANUAL_SIG_HANDLE', { NEXT_MANUAL_SIG_HANDLE: '1' }, 143],
    ])(
      'ends %s',
      async (_, environment, code) => {
        const command = [FIRST, ...(subject as FrameworkSubject).command];
        const child = await inTheMiddle({ command, environment });
        expect(await end(child)).toEqual(DRAINED);
        expect(child.output).toContain(`the first process has ended with ${code}`);
      },
      60_000,
    );
  },
);

describe('next start whose onFailure fails', () => {
  it('tells both, serves nothing, and can be ended', async () => {
    deployment = await SubjectDeployment.open(subject as FrameworkSubject);
    const child = await deployment.start({ behaviour: 'failing', onFailure: 'throw' as 'stay' });
    await child.untilWritten(/the pager is broken/);
    expect((await fetch(`${child.url}/orders`)).status).toBe(500);
    expect(child.output).toMatch(/FLG_/);
    child.signal('SIGTERM');
    await expect(child.ended).resolves.toBe(143);
  }, 60_000);
});
