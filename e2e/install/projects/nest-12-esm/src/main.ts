import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
console.log(JSON.stringify(await app.get(DataSource).query('SELECT * FROM orders')));
await app.close();
