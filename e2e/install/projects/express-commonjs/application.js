const { join } = require('node:path');
const { flamingock } = require('@flamingock/express');
const { sqlAuditStore, sqlTarget } = require('@flamingock/sql');
const express = require('express');

/** @param {import('better-sqlite3').Database} database */
async function createApplication(database) {
  const app = express();
  const engine = await flamingock(app, {
    service: 'orders',
    environment: 'fresh-project',
    auditStore: sqlAuditStore(database),
    targets: { 'orders-db': sqlTarget(database) },
    changes: { directory: join(__dirname, 'changes') },
  });
  app.get('/orders', (_request, response) => {
    response.json(database.prepare('SELECT * FROM orders').all());
  });
  return { app, engine };
}

module.exports = { createApplication };
