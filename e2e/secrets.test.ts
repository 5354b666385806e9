import { afterAll, beforeAll, describe } from '@jest/globals';
import { sqlAuditStore } from '@flamingock/sql';
import Database from 'better-sqlite3';
import { EchoSystem } from './harness/echo-system.js';
import { itKeepsSecrets } from './harness/keeps-secrets.js';

describe('With the ledger on SQLite', () => {
  const audit = new Database(':memory:');
  const people = new Database(':memory:');
  const insert = 'INSERT INTO people (name) VALUES (?)';
  let echo: EchoSystem;
  beforeAll(async () => {
    echo = await EchoSystem.start();
    people.exec('CREATE TABLE people (name text UNIQUE)');
  });
  afterAll(async () => {
    await echo.close();
    audit.close();
    people.close();
  });

  itKeepsSecrets(() => ({
    auditStore: sqlAuditStore(audit),
    database: people,
    insert,
    echo: echo.url,
    addPerson: (name) => people.prepare(insert).run(name),
    dump() {
      const tables = audit.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
      return JSON.stringify(tables.map((table) => audit.prepare(`SELECT * FROM "${String(table)}"`).all()));
    },
  }));
});
