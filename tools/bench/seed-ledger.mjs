import { createHash } from 'node:crypto';
import { nameOf, numbers } from './changes.mjs';

/**
 * Continues the ledger of a run that has applied the first change: one entry for each further change, like the
 * last one and chained as the engine does it.
 *
 * @param {import('pg').Pool} pool
 * @param {number} count how many changes are applied then
 */
export async function seedLedger(pool, count) {
  const { rows } = await pool.query(
    'SELECT entry, hash FROM flamingock_ledger ORDER BY sequence DESC LIMIT 1',
  );
  const last = JSON.parse(rows[0].entry);
  let previousHash = rows[0].hash;
  const seeded = numbers(count - 1).map((distance) => {
    const changeId = nameOf(distance + 1);
    // The keys of what was read are sorted, and stay so.
    const entry = JSON.stringify({
      ...last,
      changeId,
      name: changeId,
      order: String(distance + 1),
      previousHash,
      sequence: last.sequence + distance,
    });
    previousHash = createHash('sha256').update(entry).digest('hex');
    return { sequence: last.sequence + distance, change_id: changeId, entry, hash: previousHash };
  });
  await pool.query(
    `INSERT INTO flamingock_ledger
     SELECT (jsonb_populate_record(template, to_jsonb(seeded))).*
     FROM flamingock_ledger AS template, jsonb_to_recordset($1) AS seeded (sequence bigint, change_id text, entry text, hash text)
     WHERE template.sequence = $2`,
    [JSON.stringify(seeded), last.sequence],
  );
  await pool.query('UPDATE flamingock_lock SET highest_sequence = $1', [last.sequence + count - 1]);
}
