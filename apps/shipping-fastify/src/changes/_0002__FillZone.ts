import { setTimeout as pause } from 'node:timers/promises';
import { defineChange } from '@flamingock/core';
import { SqlExecutor } from '@flamingock/sql';
import { zoneOf } from '../shipments/zone.js';

const BATCH = 500;
/** Between two batches the database belongs to the instances of the release before, which still serve. */
const REST_MS = 20;

/** How far it has come: what is at or below this id has its zone. */
type Mark = { readonly id: string; readonly done: number };

/**
 * The rule stands in TypeScript, so the rows go through the application, in batches that commit one by one. The mark is
 * saved after its batch is durable: whatever ends this process, the next start goes on there. The batch in between is then
 * done once more, and finds nothing left to fill.
 */
export default defineChange({
  id: 'fill-zone',
  targetSystem: 'shipping-db',
  transactional: false,
  resumable: true,
  inject: { sql: SqlExecutor },
  async apply({ sql }, { checkpoint, log, progress, signal }) {
    let mark = (await checkpoint.load<Mark>()) ?? { id: '0', done: 0 };
    if (mark.done > 0) log.info(`goes on after ${mark.done} shipments`);
    const total = mark.done + (await remaining(sql, mark.id));
    for (;;) {
      signal.throwIfAborted();
      const batch = await sql.query<{ id: string; postcode: string }>(
        'SELECT id, postcode FROM shipments WHERE id > $1 ORDER BY id LIMIT $2',
        [mark.id, BATCH],
      );
      const last = batch.at(-1);
      if (last === undefined) return;
      await sql.execute(
        `UPDATE shipments SET zone = filled.zone
           FROM unnest($1::bigint[], $2::smallint[]) AS filled (id, zone)
          WHERE shipments.id = filled.id AND shipments.zone IS NULL`,
        [batch.map(({ id }) => id), batch.map(({ postcode }) => zoneOf(postcode))],
      );
      mark = { id: last.id, done: mark.done + batch.length };
      await checkpoint.save(mark);
      progress(mark.done, total);
      await pause(REST_MS, undefined, { signal });
    }
  },
});

async function remaining(sql: SqlExecutor, after: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>('SELECT count(*) FROM shipments WHERE id > $1', [after]);
  return Number(row?.count);
}
