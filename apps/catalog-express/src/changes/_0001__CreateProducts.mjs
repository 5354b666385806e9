import { defineChange } from '@flamingock/core';
import { Db } from 'mongodb';

export default defineChange({
  id: 'create-products',
  author: 'catalogue-team',
  inject: { db: Db },
  async apply({ db }) {
    /** @type {import('mongodb').Collection<{ _id: string, name: string, price: number }>} */
    const products = await db.createCollection('products');
    await products.insertMany([
      { _id: 'cup-001', name: 'Cup', price: 7.95 },
      { _id: 'pot-001', name: 'Teapot', price: 29.99 },
      { _id: 'tea-001', name: 'Green tea', price: 4.1 },
    ]);
  },
});
