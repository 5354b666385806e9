import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { describeWith } from '../tools/services/describe-with.mjs';
import { ownPostgres, startPostgres } from '../tools/services/postgres.mjs';
import { createSmallDisk, smallDisks, type SmallDisk } from '../tools/services/small-disk.mjs';
import { unlessRoot } from '../tools/services/system-user.mjs';
import { serverOf } from './harness/databases/postgres.js';
import { HoldingService, outcomeOf, type Strategy } from './harness/holding-service.js';

const ALL_APPLIED = ['first', 'second', 'third'];

const describeWithServers = await describeWith(smallDisks, ownPostgres);

describeWithServers('A ledger on PostgreSQL whose disk is full in the middle of a change', () => {
  it.concurrent.each([
    {
      strategy: 'TX_SEPARATE',
      then: { outcome: 'applied', applied: ['third'] },
      effects: ALL_APPLIED,
      ledger: ['first APPLIED transaction', 'second APPLIED fence', 'third APPLIED transaction'],
    },
    {
      strategy: 'NON_TX',
      then: { outcome: 'FLG_ISSUE_OPEN' },
      effects: ['first', 'second'],
      ledger: ['first APPLIED none', 'second FAILED none'],
    },
  ] as const)(
    '$strategy: the start fails with its code; when there is space again nothing happens twice',
    ({ strategy, then, effects, ledger }) =>
      withLedgerOn(strategy, async (service, disk) => {
        const holder = service.start('inside', { leaseMs: 6000 });
        await holder.line(/^holding$/);
        await disk.fill();
        await fillPages(service.urls.audit);
        await service.go();
        await expect(outcomeOf(holder)).resolves.toMatchObject({ outcome: 'FLG_STORE_WRITE' });

        await disk.free();
        await expect(outcomeOf(service.start())).resolves.toMatchObject(then);
        await expect(service.effects()).resolves.toEqual(effects);
        await expect(service.ledger()).resolves.toEqual(ledger);
      }),
    60_000,
  );

  /** Has a service whose ledger, and nothing else, is on a small disk. */
  async function withLedgerOn(
    strategy: Strategy,
    use: (service: HoldingService, disk: SmallDisk) => Promise<void>,
  ): Promise<void> {
    const disk = await createSmallDisk({ bytes: 32 * 1_048_576 });
    const server = await startPostgres({ exclusive: true });
    try {
      const service = await HoldingService.open(serverOf(server), strategy);
      try {
        const tablespace = join(disk.path, 'tablespace');
        await mkdir(tablespace);
        const owner = unlessRoot('postgres');
        if (owner !== undefined) await chown(tablespace, owner.uid, owner.gid);
        await query(server.url, `CREATE TABLESPACE small LOCATION '${tablespace}'`);
        const name = new URL(service.urls.audit).pathname.slice(1);
        await query(server.url, `ALTER DATABASE ${name} SET TABLESPACE small`);
        await use(service, disk);
      } finally {
        await service.close();
      }
    } finally {
      await server.stop();
      await disk.close();
    }
  }
});

async function query(url: string, ...texts: readonly string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}

/** Takes the space that is left in the pages of the ledger: with entries of another service, down to the smallest. */
async function fillPages(url: string): Promise<void> {
  let sequence = 0;
  const insert = (length: number): Promise<void> =>
    query(
      url,
      `INSERT INTO flamingock_ledger
         (service, tenant, environment, sequence, kind, execution_id, recorded_at, entry, hash)
       VALUES ('another', '', 'test', ${(sequence += 1)}, 'run', '', now(), repeat('x', ${length}), '')`,
    );
  for (const length of [1000, 100, 1]) {
    let failure: { readonly code?: string } | undefined;
    while (failure === undefined)
      await insert(length).catch((error: unknown) => void (failure = error as { code?: string }));
    if (failure.code !== '53100') throw failure as Error;
  }
}
