/**
 * @typedef {object} Product
 * @property {string} sku
 * @property {string} name
 * @property {number} priceCents
 */

/** What is sold, by its number. */
export class Products {
  #database;

  /** @param {import('./database.mjs').Database} database */
  constructor(database) {
    this.#database = database;
  }

  async list() {
    const rows = await this.#database.query('SELECT sku, name, price_cents FROM products ORDER BY sku');
    return rows.map(productOf);
  }

  /** @param {string} sku */
  async find(sku) {
    const [row] = await this.#database.query('SELECT sku, name, price_cents FROM products WHERE sku = ?', [
      sku,
    ]);
    return row === undefined ? undefined : productOf(row);
  }

  /**
   * Adds a product, or changes it. The old column is written as well, for releases that still read it.
   *
   * @param {Product} product
   */
  async save({ sku, name, priceCents }) {
    const [row = {}] = await this.#database.query(
      `INSERT INTO products (sku, name, price, price_cents) VALUES (?, ?, ?, ?)
       ON CONFLICT (sku) DO UPDATE
         SET name = excluded.name, price = excluded.price, price_cents = excluded.price_cents
       RETURNING sku, name, price_cents`,
      [sku, name, priceCents / 100, priceCents],
    );
    return productOf(row);
  }
}

/**
 * @param {Record<string, unknown>} row
 * @returns {Product}
 */
function productOf({ sku, name, price_cents: priceCents }) {
  return { sku: String(sku), name: String(name), priceCents: Number(priceCents) };
}
