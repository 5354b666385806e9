import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { ownPostgres, type Postgres, startPostgres } from '../../../tools/services/postgres.mjs';
import { describeFramework } from '../harness/describe-framework.js';
import { SubjectDeployment } from '../harness/framework-deployment.js';
import { buildNext, nextApplication } from './build.mjs';
import { subjects } from './subjects.js';

const MAJORS = [15, 16] as const;

await describeFramework(subjects);

function subjectOf(name: string): (typeof subjects)[number] {
  const subject = subjects.find((one) => one.name === name);
  if (subject === undefined) throw new Error(`There is no subject '${name}'.`);
  return subject;
}

describe.each(MAJORS)('The bundle of Next.js %s for the edge runtime', (major) => {
  beforeAll(() => buildNext(major), 600_000);

  it('holds nothing of Flamingock', async () => {
    const directory = join(nextApplication(major).directory, '.next');
    const manifest = await readFile(join(directory, 'server/middleware-manifest.json'), 'utf8');
    const { functions } = JSON.parse(manifest) as { functions: Record<string, { files: string[] }> };
    const files = functions['/edge/route']?.files ?? [];
    const code = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
    expect(code.join('\n')).toContain('register');
    expect(code.join('\n')).not.toMatch(/flamingock|FLG_/i);
  });

  it('serves beside it, without a second run', async () => {
    const deployment = await SubjectDeployment.open(subjectOf(`Next.js ${major}, block`));
    try {
      const process = await deployment.start();
      await process.untilWritten(/^listening$/);
      const answer = await fetch(`${process.url}/edge`);
      await expect(answer.json()).resolves.toEqual({ runtime: 'edge' });
      expect(process.output.match(/changes to apply/g)).toHaveLength(1);
    } finally {
      await deployment.close();
    }
  }, 60_000);
});

const describeWithPostgres = await describeWith(ownPostgres);

describeWithPostgres('A serverless instance', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres({ logStatements: true });
    for (const major of MAJORS) await buildNext(major);
  }, 900_000);
  afterAll(() => server.stop());

  it.each(MAJORS)(
    'of Next.js %s that validates: starts with one statement, and not at all while something is pending',
    async (major) => {
      const deployment = await SubjectDeployment.open(subjectOf(`Next.js ${major}, block`), server);
      try {
        const early = await deployment.start({ mode: 'validate' });
        await expect(early.ended).resolves.toBe(1);
        expect(early.output).toContain('FLG_CHANGES_PENDING');

        const applying = await deployment.start();
        await applying.untilWritten(/^listening$/);
        applying.signal('SIGTERM');
        await applying.ended;

        const before = (await deployment.statements?.()) ?? [];
        const validating = await deployment.start({ mode: 'validate' });
        await validating.untilWritten(/^listening$/);
        const after = (await deployment.statements?.()) ?? [];
        expect(after.length - before.length).toBe(1);
      } finally {
        await deployment.close();
      }
    },
    120_000,
  );
});
