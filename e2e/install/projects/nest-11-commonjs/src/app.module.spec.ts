import { Test, TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module';

describe('AppModule', () => {
  let app: TestingModule;

  beforeEach(async () => {
    app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  });
  afterEach(() => app.close());

  it('finds its changes applied', async () => {
    expect(await app.get(DataSource).query('SELECT * FROM orders')).toEqual([
      { id: 1, payment_method: 'CARD' },
    ]);
  });
});
