import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import type { AddressInfo, Server } from 'node:net';
import { isatty } from 'node:tty';
import { AppModule } from './app.module.js';
import { readConfiguration } from './configuration.js';
import { TerminalLogger } from './terminal-logger.js';

/**
 * Starts listening, and consuming. Resolves with the address, when every change is applied and the port is open. Nothing
 * more is said of changes here: `create` resolves when the sequence is complete.
 */
async function start(): Promise<string> {
  const configuration = readConfiguration(process.env);
  const options: NestApplicationOptions = {
    abortOnError: false,
    logger: new TerminalLogger({ colors: isatty(process.stdout.fd) }),
  };
  const application = await NestFactory.create(AppModule.forRoot(configuration), options);
  application.enableShutdownHooks();
  if (configuration.messagesPort !== undefined) {
    application.connectMicroservice(
      { transport: Transport.TCP, options: { host: '127.0.0.1', port: configuration.messagesPort } },
      { inheritAppConfig: true },
    );
    await application.startAllMicroservices();
  }
  const server = (await application.listen(configuration.port, '127.0.0.1')) as Server;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

try {
  const url = await start();
  console.log(`ready on ${url}

Three things to try:
  curl ${url}/orders
  curl ${url}/orders -H 'content-type: application/json' -d '{"item":"cups","quantity":6,"paymentMethod":"CARD"}'
  curl ${url}/health/ready
`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
