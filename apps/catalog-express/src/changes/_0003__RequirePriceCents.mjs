import { defineChange } from '@flamingock/core';
import { validatorIs } from '@flamingock/mongodb';
import { Db } from 'mongodb';

const VALIDATOR = { $jsonSchema: { required: ['name', 'priceCents'] } };

/** MongoDB sets no validator in a transaction: whether it is there is told by `verify`. */
export default defineChange({
  id: 'require-price-cents',
  author: 'catalogue-team',
  transactional: false,
  inject: { db: Db },
  async apply({ db }) {
    await db.command({ collMod: 'products', validator: VALIDATOR });
  },
  async rollback({ db }) {
    await db.command({ collMod: 'products', validator: {} });
  },
  verify: ({ db }) => validatorIs(db, 'products', VALIDATOR),
});
