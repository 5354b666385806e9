import { expect, test } from '@jest/globals';
import { deleteSchemaVersion, deleteSubject, registerSchema, setCompatibility } from './intentions.js';
import type { SchemaRegistryClient } from './schema-registry-client.js';

const SCHEMA = { schema: 'string' };

test.each<[string, () => unknown, string]>([
  [
    'a misspelt way back',
    () => registerSchema('s', { ...SCHEMA, deleteOnRolback: true } as never),
    'FLG_OPTION_UNKNOWN',
  ],
  ['a misspelt subject', () => setCompatibility('FULL', { subjct: 's' } as never), 'FLG_OPTION_UNKNOWN'],
  [
    'a subject that is undefined by mistake',
    () => setCompatibility('FULL', { subject: undefined } as never),
    'FLG_OPTION_INVALID',
  ],
  ['all subjects without a level', () => setCompatibility('FULL', { from: null }), 'FLG_OPTION_INVALID'],
  ['a misspelt word', () => deleteSubject('s', { permanently: true } as never), 'FLG_OPTION_UNKNOWN'],
  [
    'a word that is no flag',
    () => deleteSchemaVersion('s', 1, { permanent: 'no' } as never),
    'FLG_OPTION_INVALID',
  ],
])('%s is refused when the change is declared', (_what, declare, code) => {
  expect(declare).toThrow(expect.objectContaining({ code }));
});

test.each([
  [2, [2]],
  [3, []],
])('the rollback deletes the wanted version alone: the schema is version %i', async (version, deleted) => {
  const done: number[] = [];
  const client = {
    find: async () => ({ version }),
    refuse: (message: string) => new Error(message),
    deleteVersion: async (_subject: string, one: number) => done.push(one),
  } as unknown as SchemaRegistryClient;
  await registerSchema('s', { ...SCHEMA, version: 2, deleteOnRollback: true })
    .rollback?.(client)
    .catch(() => undefined);
  expect(done).toEqual(deleted);
});
