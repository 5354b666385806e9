import { describe, expect, test } from '@jest/globals';
import type { ChangeContext } from './change-context.js';
import { defineChange, isDefinedChange } from './define-change.js';
import { token } from './token.js';

class Registry {
  async register(subject: string): Promise<number> {
    return subject.length;
  }
}
interface Kafka {
  readonly topic: string;
}

/** Fails to compile where the two types are not the same. */
function sameType<A, B>(_same: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void {
  expect(_same).toBe(true);
}

describe('defineChange', () => {
  const defined = defineChange({
    id: 'register-order-event-v2',
    inject: { registry: Registry, kafka: token<Kafka>('KAFKA'), plain: 'PLAIN', maybe: Registry },
    outside: ['kafka'],
    optional: ['maybe'],
    apply(clients, context) {
      sameType<typeof clients.registry, Registry>(true);
      sameType<typeof clients.kafka, Kafka>(true);
      sameType<typeof clients.plain, unknown>(true);
      sameType<typeof clients.maybe, Registry | undefined>(true);
      sameType<typeof context, ChangeContext>(true);
      // @ts-expect-error -- nothing of that name is injected
      expect(clients.other).toBeUndefined();
      return clients.registry.register('order-events-value');
    },
    async rollback({ kafka }, { signal }) {
      sameType<typeof kafka, Kafka>(true);
      sameType<typeof signal, AbortSignal>(true);
    },
    async verify({ registry }) {
      sameType<typeof registry, Registry>(true);
      return 'APPLIED';
    },
  });

  test('gives the clients the types of their tokens', () => {
    const context = {} as ChangeContext;
    const clients = { registry: new Registry(), kafka: { topic: 't' }, plain: 1, maybe: undefined };
    return expect(defined.definition.apply(clients, context)).resolves.toBe(18);
  });

  test('returns something frozen that is known by its brand', () => {
    expect(Object.isFrozen(defined)).toBe(true);
    expect(Object.isFrozen(defined.definition)).toBe(true);
    expect(isDefinedChange(defined)).toBe(true);
    expect(isDefinedChange({ [Symbol.for('flamingock.definition')]: true })).toBe(true);
    expect(isDefinedChange({ definition: defined.definition })).toBe(false);
    expect(isDefinedChange(undefined)).toBe(false);
  });

  test('without inject there are no clients', () => {
    const plain = defineChange({
      id: 'x',
      apply(clients) {
        // @ts-expect-error -- nothing is injected
        return clients.registry as unknown;
      },
    });
    expect(plain.definition.inject).toBeUndefined();
  });

  test('the types refuse what is wrong', () => {
    const apply = (): void => undefined;
    const wrong = [
      // @ts-expect-error -- there is no id
      defineChange({ apply }),
      // @ts-expect-error -- no apply
      defineChange({ id: 'x' }),
      // @ts-expect-error -- an unknown key
      defineChange({ id: 'x', autor: 'me', apply }),
      // @ts-expect-error -- no strategy
      defineChange({ id: 'x', recovery: 'NEVER', apply }),
      // @ts-expect-error -- no token
      defineChange({ id: 'x', inject: { registry: 5 }, apply }),
      // @ts-expect-error -- not injected
      defineChange({ id: 'x', inject: { registry: Registry }, outside: ['kafka'], apply }),
      // @ts-expect-error -- not injected
      defineChange({ id: 'x', inject: { registry: Registry }, optional: ['kafka'], apply }),
      // @ts-expect-error -- no verdict
      defineChange({ id: 'x', apply, verify: () => true }),
    ];
    expect(wrong).toHaveLength(8);
  });
});
