import { afterAll, beforeAll, it } from '@jest/globals';
import { type FrameworkHarness, frameworkContract } from '@flamingock/testing';
import { describeWith } from '../../../tools/services/describe-with.mjs';
import { ownPostgres, type Postgres, startPostgres } from '../../../tools/services/postgres.mjs';
import { SubjectDeployment } from './framework-deployment.js';
import type { FrameworkSubject } from './subject.js';

/** Runs the framework contract on applications. They share one server, for the cases that count statements. */
export async function describeFramework(subjects: readonly FrameworkSubject[]): Promise<void> {
  const describeWithPostgres = await describeWith(ownPostgres);
  let server: Promise<Postgres> | undefined;
  const postgres = (): Promise<Postgres> => (server ??= startPostgres({ logStatements: true }));
  afterAll(async () => (await server)?.stop());

  for (const subject of subjects) {
    describeWithPostgres(subject.name, () => {
      const harness = harnessOf(subject, postgres);
      beforeAll(async () => subject.prepare?.(), 600_000);
      for (const { name, run } of frameworkContract()) it(name, () => run(harness), 90_000);
    });
  }
}

/** @param postgres a server that counts statements, started when it is first asked for */
export function harnessOf(subject: FrameworkSubject, postgres: () => Promise<Postgres>): FrameworkHarness {
  const { endsWith, drainsWith, lacks } = subject;
  return {
    ...(endsWith === undefined ? {} : { endsWith }),
    ...(drainsWith === undefined ? {} : { drainsWith }),
    ...(lacks === undefined ? {} : { lacks }),
    async deployment({ countsStatements = false } = {}) {
      return SubjectDeployment.open(subject, countsStatements ? await postgres() : undefined);
    },
  };
}
