import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { BundledAppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(BundledAppModule);
  console.log(JSON.stringify(await app.get(DataSource).query('SELECT * FROM orders')));
  await app.close();
}
void bootstrap();
