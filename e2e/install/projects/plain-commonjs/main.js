const { join } = require('node:path');
const { createFlamingock } = require('@flamingock/core');
const { sqlAuditStore, sqlTarget } = require('@flamingock/sql');
const Database = require('better-sqlite3');

async function main() {
  const orders = new Database('orders.db');
  const flamingock = createFlamingock({
    service: 'orders',
    environment: 'fresh-project',
    auditStore: sqlAuditStore(new Database('audit.db')),
    targets: { 'orders-db': sqlTarget(orders) },
    changes: { directory: join(__dirname, 'changes') },
  });
  await flamingock.run();
  console.log(JSON.stringify(orders.prepare('SELECT * FROM orders').all()));
  await flamingock.close();
}

void main();
