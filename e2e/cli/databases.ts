import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { openSystems, type Systems } from './systems.js';

/**
 * Describes the command line over each kind of database.
 *
 * @param describeIt is given the way to open systems of their own
 */
export async function describeOnDatabases(
  what: string,
  describeIt: (open: () => Promise<Systems>) => void,
): Promise<void> {
  describe(`${what}, on SQLite`, () => {
    describeIt(() => openSystems(undefined));
  });
  const describeWithPostgres = await describeWith(postgres);
  describeWithPostgres(`${what}, on PostgreSQL`, () => {
    let server: Postgres;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    describeIt(() => openSystems(server));
  });
}
