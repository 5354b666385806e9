import { Pool } from 'pg';

export const dynamic = 'force-dynamic';

export default async function Page() {
  const database = new Pool({ connectionString: process.env.DATABASE_URL });
  const { rows } = await database.query('SELECT name, delivery_days FROM products');
  await database.end();
  return <p>{JSON.stringify(rows.map(({ name, delivery_days }) => `${name} in ${delivery_days}`))}</p>;
}
