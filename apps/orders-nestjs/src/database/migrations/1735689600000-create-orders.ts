import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The table as it was before the first change of `src/changes`, with the orders that the shop had taken by then.
 * What a team brings along stays where it is: changes go on from there.
 */
export class CreateOrders1735689600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [id, createdAt] =
      runner.dataSource.options.type === 'postgres'
        ? ['uuid PRIMARY KEY DEFAULT gen_random_uuid()', 'timestamptz NOT NULL DEFAULT now()']
        : ['varchar PRIMARY KEY NOT NULL', `datetime NOT NULL DEFAULT (datetime('now'))`];
    await runner.query(`
      CREATE TABLE orders (
        id ${id},
        item text NOT NULL,
        quantity integer NOT NULL,
        created_at ${createdAt}
      )`);
    await runner.query(`
      INSERT INTO orders (id, item, quantity, created_at) VALUES
        ('5f0c5e5e-6f5a-4a52-9d3e-1f6a3f6d7c01', 'tea', 2, '2025-01-02 09:12:44Z'),
        ('5f0c5e5e-6f5a-4a52-9d3e-1f6a3f6d7c02', 'kettle', 1, '2025-01-02 10:03:17Z')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE orders');
  }
}
