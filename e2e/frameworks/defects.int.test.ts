import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from '@jest/globals';
import { frameworkContract } from '@flamingock/testing';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { ownPostgres, type Postgres, startPostgres } from '../../tools/services/postgres.mjs';
import { harnessOf } from './harness/describe-framework.js';
import type { FrameworkSubject } from './harness/subject.js';
import { subjects } from './node-http/subjects.js';

/** Which form of the application has the defect, and the cases that must catch it. */
const DEFECTS: Readonly<Record<string, readonly [form: string, caughtBy: readonly string[]]>> = {
  'serves at once': [
    'background',
    [
      'nothing is served before every change is applied, and then everything',
      'of two replicas one applies the changes; the other waits, and says for whom',
    ],
  ],
  'answers what it holds': [
    'open and silent',
    ['a request that comes before is answered when every change is applied'],
  ],
  'refuses without a word': [
    'background',
    ['what comes before is refused with a problem, and told when to come again'],
  ],
  'refuses probes': ['background', ['the liveness probe is answered while changes run']],
  'tells nothing of itself': [
    'background',
    [
      'readiness tells the change that runs, since when, and how far it has come',
      'readiness tells for whom an instance waits',
      'readiness tells of a failure by its code, where the process stays',
      'readiness is up, with the counts, when the application serves',
    ],
  ],
  'gives changes a client of their own': [
    'block',
    ['changes are given the very clients that the application uses'],
  ],
  'asks for more': ['block', ['a start with nothing pending sends one statement, and a probe none']],
  'keeps the process': ['block', ['nothing keeps the process when the application is closed']],
  'forgets what it has done': [
    'block',
    [
      'the next start after a failure goes on where it stopped',
      'the next start after a kill in the middle of a change goes on there',
      'of two replicas one applies the changes; the other waits, and says for whom',
      'in the mode `wait` it applies nothing, and serves when somebody else has',
    ],
  ],
  'fails with success': ['block', ['a change that fails ends the start, and nothing is served']],
  'tells its secret': ['block', ['a start that fails says why: readable, once, and without secrets']],
  'drops what it does at SIGTERM': [
    'block',
    [
      'SIGTERM before its first change ends it, and others go on',
      'SIGTERM in the middle of a change: it is finished, and no other one begins',
    ],
  ],
  'ignores SIGTERM': ['block', ['SIGTERM while it serves ends it']],
};

const defective = fileURLToPath(new URL('node-http/defective.mjs', import.meta.url));
const describeWithPostgres = await describeWith(ownPostgres);
let server: Promise<Postgres> | undefined;
afterAll(async () => (await server)?.stop());

function subjectOf(form: string): FrameworkSubject {
  const found = subjects.find(({ name }) => name.endsWith(form));
  if (found === undefined) throw new Error(`node:http has no form ${form}`);
  return found;
}

/** Rejects where the subject does not pass. */
async function check(subject: FrameworkSubject, name: string): Promise<void> {
  const found = frameworkContract().find((one) => one.name === name);
  if (found === undefined) throw new Error(`the contract has no case: ${name}`);
  const postgres = (): Promise<Postgres> => (server ??= startPostgres({ logStatements: true }));
  await found.run({ ...harnessOf(subject, postgres), patienceMs: 4_000 });
}

describeWithPostgres('the framework contract tells honest applications from defective ones', () => {
  const CAUGHT = Object.entries(DEFECTS).flatMap(([defect, [form, names]]) =>
    names.map((name) => [defect, form, name] as const),
  );

  it.each(CAUGHT)(
    'one that %s (%s) is caught by: %s',
    async (defect, form, name) => {
      const honest = subjectOf(form);
      const environment = { ...honest.environment, DEFECT: defect };
      await expect(check({ ...honest, command: [defective], environment }, name)).rejects.toThrow();
    },
    60_000,
  );

  it('one whose port is open although it is said to be closed is caught', async () => {
    const { lacks = {} } = subjectOf('block');
    const open = { ...subjectOf('open and silent'), lacks };
    const name = 'its port stays closed until every change is applied';
    await expect(check(open, name)).rejects.toThrow('somebody listens');
  }, 60_000);

  it('every case catches one of them', () => {
    const useful = new Set<string>(CAUGHT.map(([, , name]) => name));
    useful.add('its port stays closed until every change is applied');
    const cases = frameworkContract().map(({ name }) => name);
    expect(cases.filter((name) => !useful.has(name))).toEqual([]);
  });
});
