import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Probe } from './probe.js';

type Options = Partial<Extract<DataSourceOptions, { type: 'better-sqlite3' }>>;

/** A new database file with any number of data sources and plain connections. */
export interface DataSourceFile {
  open(options?: Options): Promise<DataSource>;
  openRaw(): Database.Database;
  close(): Promise<void>;
}

export function dataSourceFile(): DataSourceFile {
  const folder = mkdtempSync(join(tmpdir(), 'flamingock-'));
  const database = join(folder, 'test.db');
  const closing: (() => unknown)[] = [];
  return {
    async open(options = {}) {
      const dataSource = new DataSource({ type: 'better-sqlite3', database, entities: [Probe], ...options });
      closing.push(() => dataSource.destroy());
      return dataSource.initialize();
    },
    openRaw() {
      const connection = new Database(database);
      closing.push(() => connection.close());
      return connection;
    },
    async close() {
      for (const close of closing) await close();
      rmSync(folder, { recursive: true });
    },
  };
}
