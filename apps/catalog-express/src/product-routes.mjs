import express, { Router } from 'express';

/** @param {import('./products.mjs').Products} products */
export function productRoutes(products) {
  const router = Router();

  router.get('/', async (_request, response) => {
    response.json(await products.list());
  });

  router.get('/:sku', async (request, response) => {
    const product = await products.find(request.params.sku);
    if (product === undefined) response.status(404).json({ error: 'There is no such product.' });
    else response.json(product);
  });

  router.put('/:sku', express.json(), async (request, response) => {
    const { name, priceCents } = /** @type {Record<string, unknown>} */ (request.body ?? {});
    if (typeof name !== 'string' || name.trim() === '' || !isPrice(priceCents)) {
      response.status(400).json({ error: 'A product has a name, and priceCents as a whole number from 0.' });
      return;
    }
    response.json(await products.save({ sku: request.params.sku, name: name.trim(), priceCents }));
  });

  return router;
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isPrice(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
