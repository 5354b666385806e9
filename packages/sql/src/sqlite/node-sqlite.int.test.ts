import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { newerNode, newerNodeExecutable } from '../../../../tools/services/newer-node.mjs';
import { nodeSqliteCases } from '../../test/node-sqlite-cases.js';

const describeWithNewerNode = await describeWith(newerNode);

/** The oldest Node that this package works on has no `node:sqlite`: a process of a newer one runs the cases. */
describeWithNewerNode('on node:sqlite', () => {
  let results: readonly { readonly name: string; readonly failure?: string }[];

  beforeAll(async () => {
    const loader = ['--conditions=@flamingock/source', '--import', '@swc-node/register/esm-register'];
    const cases = join(import.meta.dirname, '../../test/node-sqlite-process.ts');
    const { stdout } = await promisify(execFile)(await newerNodeExecutable(), [...loader, cases], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as (typeof results)[number]);
  }, 300_000);

  test.each(nodeSqliteCases)('$name', ({ name }) => {
    expect(results.filter((result) => result.name === name)).toEqual([{ name }]);
  });
});
