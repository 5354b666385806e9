import express from 'express';
import { engineOptions, listening, openDatabase, usesFlamingock } from './orders.mjs';

const app = express();
await openDatabase();
if (usesFlamingock) {
  const { flamingock } = await import('@flamingock/express');
  await flamingock(app, await engineOptions());
}
app.get('/orders', (_, response) => {
  response.send('orders');
});
app.listen(0, '127.0.0.1', listening);
