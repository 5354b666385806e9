const { defineChange } = require('@flamingock/core');
const { SqlExecutor } = require('@flamingock/sql');

module.exports = defineChange({
  id: 'create-orders',
  inject: { sql: SqlExecutor },
  async apply({ sql }) {
    await sql.execute('CREATE TABLE orders (id INTEGER PRIMARY KEY, payment_method TEXT)');
    await sql.execute(`INSERT INTO orders (payment_method) VALUES (?)`, ['CARD']);
  },
});
