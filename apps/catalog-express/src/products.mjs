import { Schema } from 'mongoose';

/**
 * @typedef {object} Product
 * @property {string} sku
 * @property {string} name
 * @property {number} priceCents
 */

/**
 * As it lies in the collection `products`; `price` is read by older releases.
 *
 * @typedef {{ _id: string, name: string, price: number, priceCents?: number }} StoredProduct
 */

/**
 * In JavaScript a type that is left out is `any`, and so would be what is found.
 *
 * @typedef {import('mongoose').Model<StoredProduct, object, object, object>} ProductModel
 */

/** @type {Schema<StoredProduct>} */
const schema = new Schema(
  { _id: String, name: String, price: Number, priceCents: Number },
  { versionKey: false },
);

/**
 * The model of products. What creates the collection is a change, and not Mongoose.
 *
 * @param {import('mongoose').Connection} connection
 * @returns {ProductModel}
 */
export function productModel(connection) {
  return connection.model('Product', schema, 'products');
}

/** What is sold, by its number. */
export class Products {
  /** @type {ProductModel} */
  #model;

  /** @param {ProductModel} model */
  constructor(model) {
    this.#model = model;
  }

  async list() {
    const found = await this.#model.find().sort({ _id: 1 }).lean();
    return found.map(productOf);
  }

  /** @param {string} sku */
  async find(sku) {
    const found = await this.#model.findById(sku).lean();
    return found === null ? undefined : productOf(found);
  }

  /**
   * Adds a product, or changes it. The old field is written as well, for releases that still read it.
   *
   * @param {Product} product
   */
  async save({ sku, name, priceCents }) {
    const saved = { name, price: priceCents / 100, priceCents };
    await this.#model.updateOne({ _id: sku }, { $set: saved }, { upsert: true });
    return productOf({ _id: sku, ...saved });
  }
}

/**
 * @param {StoredProduct} stored
 * @returns {Product}
 */
function productOf({ _id, name, priceCents }) {
  return { sku: _id, name, priceCents: Number(priceCents) };
}
