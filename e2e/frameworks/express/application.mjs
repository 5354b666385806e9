import { once } from 'node:events';
import { createRequire } from 'node:module';
import { closeOnSignal, flamingock } from '@flamingock/express';

/** The application of the framework contract on Express: `EXPRESS` says in which major, by the name of its package. */
const { PORT, SYSTEMS = '', THEN, EXPRESS = 'express', MAJOR } = process.env;
const require = createRequire(import.meta.url);
/** @type {typeof import('express')} */
const express = require(EXPRESS);
/** @type {{ version: string }} */
const { version } = require(`${EXPRESS}/package.json`);
if (version.split('.')[0] !== MAJOR) throw new Error(`This is Express ${version}, and not ${MAJOR}.`);

/** @type {import('../systems.mjs')} */
const { systems } = await import(SYSTEMS);
const { options, hosting, book, close } = systems();

try {
  const app = express();
  const engine = await flamingock(app, { ...options, ...hosting });
  app.get('/orders', (_request, response, next) => {
    book.list().then((rows) => response.json(rows), next);
  });
  app.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/client', (_request, response) => {
    response.json({ used: book.usedByChange });
  });

  const server = app.listen(Number(PORT), '127.0.0.1');
  const shutDown = closeOnSignal(server, engine, { onClosed: close });
  await once(server, 'listening');
  console.log('listening');
  if (THEN === 'close') await shutDown();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
