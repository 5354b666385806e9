import 'reflect-metadata';
import { Apply, Change, memoryAuditStore, NotApplied, target } from '@flamingock/core';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import { FlamingockModule, getFlamingockToken } from '../src/index.js';

/**
 * An application in a process of its own: it `fails`, fails and `survives` that, `applies`, applies and `listens` to
 * SIGTERM itself, or applies `twice`, with a second instance whose change is over sooner. Or a `neighbour`, a provider
 * that has nothing to do with the changes, fails in the middle of the first one; the application `survives-neighbour`;
 * or it is a `patient-neighbour`, which is made when the sequence is complete.
 */
const behaviour = process.argv[2] ?? '';

let begin = (): void => undefined;
const begun = new Promise<void>((resolve) => (begin = resolve));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

@Injectable()
class FlagClient {}

@Change({ id: 'first' })
class _0001__First {
  @Apply()
  async apply(_flags: FlagClient): Promise<void> {
    if (behaviour === 'fails' || behaviour === 'survives')
      throw new NotApplied('the flag service is closed today');
    say('the change has begun');
    begin();
    await pause(600);
    say('the change is over');
  }
}

@Change({ id: 'second' })
class _0002__Second {
  @Apply()
  apply(_flags: FlagClient): void {
    say('the second change has run');
  }
}

@Change({ id: 'quick' })
class _0001__Quick {
  @Apply()
  async apply(_flags: FlagClient): Promise<void> {
    await pause(400);
  }
}

const options = {
  service: 'orders',
  environment: 'test',
  targets: { flags: target({ clients: [FlagClient] }) },
};
const first = FlamingockModule.forRoot({
  ...options,
  auditStore: memoryAuditStore(),
  changes: [_0001__First, _0002__Second],
});
const quick = FlamingockModule.forRoot({
  ...options,
  name: 'quick',
  auditStore: memoryAuditStore(),
  changes: [_0001__Quick, _0002__Second],
});

const neighbour = {
  provide: 'NEIGHBOUR',
  useFactory: async (): Promise<never> => {
    await begun;
    throw new Error('the mail server is closed today');
  },
  inject: behaviour === 'patient-neighbour' ? [getFlamingockToken()] : [],
};

@Module({
  imports: behaviour === 'twice' ? [first, quick] : [first],
  providers: [FlagClient, ...(behaviour.endsWith('neighbour') ? [neighbour] : [])],
})
class AppModule {}

if (behaviour === 'listens') process.on('SIGTERM', () => say('heard it'));
try {
  const application = await NestFactory.create(AppModule, {
    abortOnError: !behaviour.startsWith('survives'),
  });
  await application.listen(0, '127.0.0.1');
  say('the application listens');
} catch (error) {
  const { code, message } = error as Error & { readonly code?: string };
  say(`it was rejected with ${code ?? message}`);
  process.exitCode = 7;
}
