import { expect, test } from '@jest/globals';
import type { ClientUse } from '@flamingock/core/spi';
import { intend, type Intention, IntentionClient, type Seen } from './intention.js';

/** A system that holds names. */
class Names extends IntentionClient {
  readonly held = new Set<string>();
}

const STATES: Readonly<Record<string, Seen['state']>> = { true: 'there', false: 'absent' };

function holds(name: string): Required<Intention<Names>> {
  return {
    wants: name,
    apply: ({ held }) => {
      const before = held.has(name);
      if (name === 'forbidden') throw new Error('403');
      held.add(name);
      return Promise.resolve(before);
    },
    look: ({ held }) =>
      Promise.resolve({
        state: STATES[String(held.has(name))] ?? 'other',
        differences: held.has(name) ? [] : [`${name} is missing`],
      }),
    rollback: ({ held }) => Promise.resolve(held.delete(name)),
  };
}

const use = (of: ClientUse['of']) => ({ of }) as ClientUse;

test('what was there before each of them comes back', async () => {
  const client = new Names();
  client.held.add('b');
  expect(await client.apply([holds('a'), holds('b')])).toEqual([false, true]);
});

test('a part that is there is not the whole, and applying all again completes it', async () => {
  const client = new Names();
  const all = [holds('a'), holds('b')];
  await expect(client.apply([holds('a'), holds('forbidden'), holds('b')])).rejects.toThrow('403');
  expect(await client.verify(all)).toEqual({ verdict: 'NOT_APPLIED', differences: ['b is missing'] });
  await client.apply(all);
  expect(await client.verify(all)).toEqual({ verdict: 'APPLIED' });
});

test('an undo of which a part is left is neither done nor not done', async () => {
  const client = new Names(use('undo'));
  const all = [holds('a'), holds('b')];
  await client.apply([holds('a')]);
  expect((await client.verify(all)).verdict).toBe('UNKNOWN');
  await client.rollback(all);
  expect((await client.verify(all)).verdict).toBe('NOT_APPLIED');
});

test('the last one is taken back first, and nothing is where one of them knows no way back', async () => {
  const client = new Names();
  const { rollback: _none, ...forGood } = holds('c');
  await client.apply([holds('a'), holds('b')]);
  await expect(client.rollback([holds('a'), forGood])).rejects.toThrow('knows no way back');
  expect([...client.held]).toEqual(['a', 'b']);
  expect(intend(Names, [holds('a'), forGood])).not.toHaveProperty('rollback');
});

test('a change has its apply, verify and rollback from its intentions', async () => {
  const client = new Names();
  const { apply, verify, rollback } = intend(Names, [holds('a')]);
  await apply({ client });
  expect(await verify({ client })).toEqual({ verdict: 'APPLIED' });
  await rollback?.({ client });
  expect((await verify({ client })).verdict).toBe('NOT_APPLIED');
});
