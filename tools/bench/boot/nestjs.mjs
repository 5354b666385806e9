import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { engineOptions, listening, openDatabase, usesFlamingock } from './orders.mjs';

class AppModule {
  name = 'orders';
}

await openDatabase();
/** @type {import('@nestjs/common').ModuleMetadata['imports']} */
const imports = [];
if (usesFlamingock) {
  const { FlamingockModule } = await import('@flamingock/nestjs');
  // Lines go through Nest's own logger.
  const { logger, ...options } = await engineOptions();
  imports.push(FlamingockModule.forRoot(options));
}
Module({ imports })(AppModule);
const app = await NestFactory.create(AppModule, { logger: ['error'] });
await app.listen(0, '127.0.0.1');
listening();
