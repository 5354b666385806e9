import { withFlamingockInMemory, withoutFlamingock } from '@flamingock/nestjs/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';

describe('AppModule', () => {
  let app: TestingModule;

  afterEach(() => app.close());

  it('finds its changes applied', async () => {
    app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    expect(await app.get(DataSource).query('SELECT * FROM orders')).toEqual([
      { id: 1, payment_method: 'CARD' },
    ]);
  });

  it('can be tested without them', async () => {
    app = await withoutFlamingock(Test.createTestingModule({ imports: [AppModule] })).compile();
    expect(await app.get(DataSource).query('SELECT name FROM sqlite_master')).toEqual([]);
    expect(await app.get<DataSource>('auditDataSource').query('SELECT name FROM sqlite_master')).toEqual([]);
  });

  it('can be tested with an audit store in memory', async () => {
    app = await withFlamingockInMemory(Test.createTestingModule({ imports: [AppModule] })).compile();
    expect(await app.get(DataSource).query('SELECT * FROM orders')).toHaveLength(1);
    expect(await app.get<DataSource>('auditDataSource').query('SELECT name FROM sqlite_master')).toEqual([]);
  });
});
