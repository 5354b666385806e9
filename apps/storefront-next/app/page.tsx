import type { ReactNode } from 'react';
import { shop } from '../lib/shop';

// Read at each request, and never while the application is built: there is no database then.
export const dynamic = 'force-dynamic';

const price = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });

export default async function Storefront(): Promise<ReactNode> {
  const products = await shop().products();
  return (
    <main>
      <h1>Storefront</h1>
      <ul>
        {products.map(({ name, price_cents, delivery_days }) => (
          <li key={name}>
            {`${name}, ${price.format(price_cents / 100)}, delivered in ${delivery_days} days`}
          </li>
        ))}
      </ul>
    </main>
  );
}
