import type { Admin, Kafka } from 'kafkajs';
import {
  type ClientUse,
  FlamingockError,
  type Target,
  type TargetEvidence,
  throwProblems,
  tokenKey,
  unknownKeys,
} from '@flamingock/core/spi';
import { AttemptCalls } from './attempt-calls.js';
import { Connection } from './connection.js';
import { isTransient } from './kafka-error.js';
import { KafkaEvolution } from './kafka-evolution.js';

/** What may be said of a Kafka cluster as a target. */
export interface KafkaTargetOptions {
  /**
   * Which cluster it is, free of secrets: `events@eu-1`. It is recorded with every change, and a start whose target has
   * another identity than the recorded one is refused. Default: none is recorded.
   */
  readonly identity?: string;
  /**
   * An admin of the application, connected: it is used, and never closed. Default: one is opened for each attempt of a
   * change, and closed after it.
   */
  readonly admin?: Admin;
}

const WHERE = 'kafkaTarget()';

/**
 * A Kafka cluster as a target system. Changes ask for `KafkaEvolution`. Kafka has no transaction for them: what a failure
 * proves is told by the codes of the protocol, and otherwise by the change's `verify`, which intentions bring with them.
 *
 * Throws `FLG_OPTION_INVALID` and `FLG_OPTION_UNKNOWN`, all problems together.
 *
 * @param kafka of kafkajs, version 2
 *
 * @example
 * const targets = { events: kafkaTarget(new Kafka({ brokers })) };
 */
export function kafkaTarget(kafka: Kafka, options: KafkaTargetOptions = {}): Target {
  validate(kafka, options);
  const { identity, admin } = options;
  const attempts = new WeakMap<ClientUse, { readonly calls: AttemptCalls; readonly opened: Connection[] }>();
  const evidence: TargetEvidence = {
    async observe(attempt, use) {
      const calls = new AttemptCalls();
      const opened: Connection[] = [];
      if (use !== undefined) attempts.set(use, { calls, opened });
      try {
        await attempt();
        return { outcome: 'returned' };
      } catch (error) {
        return { outcome: 'threw', error, evidence: calls.evidence() };
      } finally {
        calls.close();
        for (const connection of opened) await connection.close();
      }
    },
  };
  return {
    kind: 'kafka',
    ...(identity === undefined ? {} : { identity }),
    clients: [],
    supplies: (token) => tokenKey(token) === KafkaEvolution,
    client(_token, use) {
      const attempt = use === undefined ? undefined : attempts.get(use);
      const connection = new Connection({ kafka, admin, calls: attempt?.calls, use });
      attempt?.opened.push(connection);
      return new KafkaEvolution(connection, use);
    },
    isTransient,
    evidence,
  };
}

function validate(kafka: Kafka, options: KafkaTargetOptions): void {
  const invalid = (message: string, hint: string): FlamingockError =>
    new FlamingockError({ code: 'FLG_OPTION_INVALID', message: `${WHERE}: ${message}.`, hint });
  const { identity, admin } = options;
  throwProblems([
    ...unknownKeys(options, ['identity', 'admin'], WHERE),
    ...(has(kafka, 'admin', 'producer')
      ? []
      : [invalid('the first argument is no Kafka of kafkajs', 'Pass new Kafka({ brokers }).')]),
    ...(identity === undefined || (typeof identity === 'string' && identity.trim() !== '')
      ? []
      : [invalid('identity must be a text', 'Say which cluster it is, or leave it out.')]),
    ...(admin === undefined || has(admin, 'createTopics', 'on')
      ? []
      : [invalid('admin is no Admin of kafkajs', 'Pass one that is connected, or leave it out.')]),
  ]);
}

function has(value: unknown, ...methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return methods.every((name) => typeof members[name] === 'function');
}
