import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'pg';

export interface Product {
  readonly name: string;
  readonly price_cents: number;
  readonly delivery_days: number;
}

/** The shop's database: the pages and the changes use the same one. */
export interface Shop {
  readonly database: Database.Database | Pool;
  products(): Promise<readonly Product[]>;
}

const SLOT = Symbol.for('storefront.shop');
const PRODUCTS = 'SELECT name, price_cents, delivery_days FROM products ORDER BY name';

/**
 * PostgreSQL where `DATABASE_URL` names one, or else a file of SQLite. Opened once in a process: every page is a bundle of
 * its own, and they share nothing but the global object.
 */
export function shop(): Shop {
  const slots = globalThis as Record<symbol, Shop | undefined>;
  return (slots[SLOT] ??= open());
}

function open(): Shop {
  const { DATABASE_URL, DATABASE_FILE = '.data/storefront.sqlite' } = process.env;
  return DATABASE_URL === undefined ? onSqlite(DATABASE_FILE) : onPostgres(DATABASE_URL);
}

function onSqlite(file: string): Shop {
  mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file);
  return { database, products: async () => database.prepare(PRODUCTS).all() as Product[] };
}

function onPostgres(connectionString: string): Shop {
  const database = new Pool({ connectionString });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  database.on('error', () => undefined);
  return { database, products: async () => (await database.query<Product>(PRODUCTS)).rows };
}
