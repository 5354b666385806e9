import { expect, test } from '@jest/globals';
import type { ClientUse } from '@flamingock/core/spi';
import type { Kafka } from 'kafkajs';
import { fakeKafka } from '../../test/fake-kafka.js';
import { AttemptCalls } from './attempt-calls.js';
import { Connection } from './connection.js';

const never = new Promise<never>(() => undefined);

function connectionOf(kafka: Kafka, signal = new AbortController().signal) {
  const use = { changeId: 'a', signal } as ClientUse;
  return new Connection({ kafka, admin: undefined, calls: new AttemptCalls(), use });
}

test('a change that has to stop does not wait until it is disconnected', async () => {
  const stop = new AbortController();
  const connection = connectionOf(
    fakeKafka(() => undefined, { disconnect: () => never }),
    stop.signal,
  );
  await connection.raw(async () => undefined);
  stop.abort(new Error('stop'));
  await expect(connection.close()).resolves.toBeUndefined();
});

test('a producer that could not be connected is disconnected', async () => {
  const done: string[] = [];
  const producer = {
    connect: () => Promise.reject(new Error('no')),
    disconnect: async () => {
      done.push('disconnected');
    },
  };
  const kafka = { producer: () => producer } as unknown as Kafka;
  await expect(connectionOf(kafka).produce(async () => done.push('used'))).rejects.toThrow('no');
  expect(done).toEqual(['disconnected']);
});

test('a producer whose change has to stop while it connects is disconnected later', async () => {
  const stop = new AbortController();
  let connect = (): void => undefined;
  const disconnected = new Promise<void>((resolve) => {
    const producer = {
      connect: () => new Promise<void>((connected) => (connect = connected)),
      disconnect: async () => {
        resolve();
      },
    };
    const kafka = { producer: () => producer } as unknown as Kafka;
    const lent = connectionOf(kafka, stop.signal).produce(async () => undefined);
    stop.abort(new Error('stop'));
    void expect(lent)
      .rejects.toThrow('stop')
      .then(() => {
        connect();
      });
  });
  await expect(disconnected).resolves.toBeUndefined();
});
