import { defineChange, token } from '@flamingock/core';

/** The model of products: in a change it belongs to the transaction. */
const PRODUCTS =
  /** @type {import('@flamingock/core').TypedToken<import('../products.mjs').ProductModel>} */ (
    token('ProductModel')
  );

/** Prices become whole cents. */
export default defineChange({
  id: 'fill-price-cents',
  author: 'catalogue-team',
  inject: { products: PRODUCTS },
  async apply({ products }, { log }) {
    const { modifiedCount } = await products.updateMany(
      { priceCents: null },
      [{ $set: { priceCents: { $toInt: { $round: [{ $multiply: ['$price', 100] }, 0] } } } }],
      { updatePipeline: true },
    );
    log.info(`${modifiedCount} prices in cents`);
  },
  // The old prices are still there: nothing has to be taken back but the copy.
  async rollback({ products }) {
    await products.updateMany({}, { $unset: { priceCents: 1 } });
  },
  async verify({ products }) {
    return (await products.exists({ priceCents: null })) === null ? 'APPLIED' : 'NOT_APPLIED';
  },
});
