import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Target } from '@flamingock/core';
import { describeWith } from '../../../../tools/services/describe-with.mjs';
import { type Registry, registry, startRegistry } from '../../../../tools/services/registry.mjs';
import { deleteSchemaVersion, deleteSubject, registerSchema, setCompatibility } from './intentions.js';
import { SchemaRegistryClient } from './schema-registry-client.js';
import { schemaRegistryTarget } from './schema-registry-target.js';

const record = (...fields: readonly object[]) => ({ type: 'record', name: 'OrderEvent', fields });
const ID = { name: 'id', type: 'string' };
const TIER = {
  name: 'customerTier',
  type: { type: 'enum', name: 'Tier', symbols: ['BASIC', 'VIP'] },
  default: 'BASIC',
};
const V1 = { schema: record(ID) };
const V2 = { schema: record(ID, TIER) };
const INCOMPATIBLE = { schema: record(ID, { name: 'paid', type: 'boolean' }) };

const describeWithRegistry = await describeWith(registry);

describeWithRegistry('a schema registry', () => {
  let server: Registry;
  let target: Target;
  let client: SchemaRegistryClient;

  beforeAll(async () => {
    server = await startRegistry();
    target = schemaRegistryTarget({ url: server.url });
    client = target.client(SchemaRegistryClient) as SchemaRegistryClient;
  }, 90_000);

  afterAll(() => server.stop());

  test('a schema is registered once, and what was before comes back', async () => {
    const subject = server.subject();
    expect(await client.latest(subject)).toBeUndefined();
    const first = await client.register(subject, V1);
    expect(first).toMatchObject({ version: 1, created: true, before: undefined });
    const second = await client.register(subject, V2);
    expect(second).toMatchObject({ version: 2, created: true, before: { version: 1, id: first.id } });
    expect(await client.register(subject, { schema: JSON.stringify(V2.schema, null, 2) })).toMatchObject({
      version: 2,
      id: second.id,
      created: false,
      before: { version: 2 },
    });
    expect(await client.versions(subject)).toEqual([1, 2]);
  });

  test('JSON Schema, Protobuf and references', async () => {
    const [json, proto, tier, order] = [
      server.subject(),
      server.subject(),
      server.subject(),
      server.subject(),
    ];
    await client.register(json, { type: 'JSON', schema: { type: 'object', properties: {} } });
    await client.register(proto, {
      type: 'PROTOBUF',
      schema: 'syntax = "proto3"; message Order { string id = 1; }',
    });
    await client.register(tier, { schema: TIER.type });
    const references = [{ name: 'Tier', subject: tier, version: 1 }];
    await client.register(order, { schema: record({ name: 'tier', type: 'Tier' }), references });
    expect(await client.latest(json)).toMatchObject({ type: 'JSON' });
    expect(await client.latest(proto)).toMatchObject({ type: 'PROTOBUF' });
    expect(await client.latest(order)).toMatchObject({ type: 'AVRO', references });
    await expect(client.deleteVersion(tier, 1)).rejects.toMatchObject({ code: 'REGISTRY_42206' });
  });

  test('what is incompatible is refused with the explanation of the registry, and nothing is registered', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    await client.setCompatibility('BACKWARD', subject);
    await expect(client.register(subject, INCOMPATIBLE)).rejects.toMatchObject({
      name: 'RegistryError',
      message: expect.stringMatching(/incompatible.*paid at \/fields\/1/i),
    });
    expect(await client.versions(subject)).toEqual([1]);
    await expect(client.register(subject, { schema: 'no schema' })).rejects.toMatchObject({ status: 422 });
  });

  test('a version that somebody else has taken is refused', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    await expect(client.register(subject, { ...V2, version: 1 })).rejects.toMatchObject({
      code: 'REGISTRY_CONFLICT',
      message: `${subject}: want version 1, and version 1 holds another schema`,
    });
    expect(await client.versions(subject)).toEqual([1]);
  });

  test('what would become another version than the wanted one is not registered', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    await expect(client.register(subject, { ...V2, version: 3 })).rejects.toMatchObject({
      code: 'REGISTRY_CONFLICT',
      message: `${subject}: want version 3, and the next one would be version 2`,
    });
    expect(await client.versions(subject)).toEqual([1]);
    expect(await client.register(subject, { ...V2, version: 2 })).toMatchObject({ version: 2 });
    const missing = server.subject();
    await expect(client.register(missing, { ...V1, version: 2 })).rejects.toMatchObject({
      message: `${missing}: want version 2, and the next one would be version 1`,
    });
  });

  test('the number of a version that is softly deleted is not given again', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    await client.register(subject, V2);
    await client.deleteVersion(subject, 2);
    expect(await client.register(subject, { ...V2, version: 3 })).toMatchObject({ version: 3 });
  });

  test('deletes are soft first, for good only where that is said, and safe to repeat', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    await client.register(subject, V2);
    expect(await client.deleteVersion(subject, 2)).toMatchObject({ version: 2 });
    expect(await client.deleteVersion(subject, 2)).toBeUndefined();
    expect(await client.versions(subject, { deleted: true })).toEqual([1, 2]);
    await client.deleteVersion(subject, 2, { permanent: true });
    expect(await client.versions(subject, { deleted: true })).toEqual([1]);
    expect(await client.deleteSubject(subject)).toEqual([1]);
    expect(await client.versions(subject)).toEqual([]);
    expect(await client.deleteSubject(subject, { permanent: true })).toEqual([]);
    expect(await client.versions(subject, { deleted: true })).toEqual([]);
    expect(await client.deleteSubject(subject, { permanent: true })).toEqual([]);
  });

  test('an intention says what is missing, applies it, and is then there', async () => {
    const subject = server.subject();
    const first = registerSchema(subject, V1);
    const second = registerSchema(subject, { ...V2, version: 2, deleteOnRollback: true });
    const level = setCompatibility('FULL', { subject, from: 'NONE' });
    expect(await client.verify([first, second])).toEqual({
      verdict: 'NOT_APPLIED',
      differences: [
        `${subject}: the subject is missing, and with it its version`,
        `${subject}: the subject is missing, and with it version 2`,
      ],
    });
    await client.apply([first]);
    expect(await client.verify([second, level])).toEqual({
      verdict: 'NOT_APPLIED',
      differences: [
        `${subject}: version 2 is missing; the latest is version 1`,
        expect.stringContaining(`${subject}: compatibility: want FULL, has `),
      ],
    });
    await client.setCompatibility('NONE', subject);
    await client.apply([second, level]);
    expect(await client.verify([first, second, level])).toEqual({ verdict: 'APPLIED' });
    await client.rollback([second, level]);
    expect([await client.versions(subject), await client.compatibility(subject)]).toEqual([[1], 'NONE']);
  });

  test('a level that is neither wanted nor expected is left alone', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    await client.setCompatibility('FORWARD', subject);
    const level = setCompatibility('FULL', { subject, from: 'NONE' });
    await expect(client.apply([level])).rejects.toMatchObject({
      code: 'REGISTRY_CONFLICT',
      message: `${subject}: compatibility: want FULL, has FORWARD, where NONE was expected`,
    });
    expect(await client.compatibility(subject)).toBe('FORWARD');
  });

  test('what is to be gone says what is still there', async () => {
    const subject = server.subject();
    await client.register(subject, V1);
    const version = deleteSchemaVersion(subject, 1, { permanent: true });
    const all = deleteSubject(subject, { permanent: true });
    expect((await client.verify([version, all])).differences).toEqual([
      `${subject}: version 1 is still there`,
      `${subject}: still has 1 versions`,
    ]);
    await client.deleteVersion(subject, 1);
    expect((await client.verify([version, all])).differences).toEqual([
      `${subject}: version 1 is deleted softly alone`,
      `${subject}: is deleted softly alone`,
    ]);
    await client.apply([version, all]);
    expect(await client.verify([version, all])).toEqual({ verdict: 'APPLIED' });
  });

  test('an address without a registry is no subject that is missing', async () => {
    const elsewhere = schemaRegistryTarget({ url: new URL('/nowhere', server.url) });
    const lost = elsewhere.client(SchemaRegistryClient) as SchemaRegistryClient;
    await expect(lost.latest('s')).rejects.toMatchObject({ code: 'HTTP_404' });
  });
});
