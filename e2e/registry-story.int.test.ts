import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createFlamingock, type Flamingock, MemoryDatabase, memoryAuditStore } from '@flamingock/core';
import { openDesk, recordedSequence } from '@flamingock/core/desk';
import { schemaRegistryTarget } from '@flamingock/kafka';
import { describeWith } from '../tools/services/describe-with.mjs';
import { ownRegistry, type Registry, startRegistry } from '../tools/services/registry.mjs';
import { FIRST, registryChanges, SECOND } from './fixtures/registry-changes.mjs';

const SUBJECT = 'order-events-value';
const VIP = { id: '7', customerTier: 'VIP' };

const describeWithRegistries = await describeWith(ownRegistry);

describeWithRegistries('An event schema in blue and not in green', () => {
  let blue: Registry;
  let green: Registry;
  const ledgers = { blue: new MemoryDatabase(), green: new MemoryDatabase() };

  beforeAll(async () => {
    [blue, green] = await Promise.all([
      startRegistry({ exclusive: true }),
      startRegistry({ exclusive: true }),
    ]);
  }, 90_000);
  afterAll(() => Promise.all([blue, green].map((registry) => registry.stop())));

  it('without the engine: VIP traffic of green is routed as BASIC, and nobody is told', async () => {
    for (const schema of [FIRST, SECOND]) await registerByHand(blue, schema);
    await registerByHand(green, FIRST);
    await expect(routedIn(blue)).resolves.toBe('VIP');
    await expect(routedIn(green)).resolves.toBe('BASIC');
  });

  it('with it: a start in green that may only look refuses, and one that may applies', async () => {
    await withService('blue', 'apply', (service) => service.run());
    await expect(withService('green', 'validate', (service) => service.run())).rejects.toMatchObject({
      code: 'FLG_CHANGES_PENDING',
    });
    await expect(routedIn(green)).resolves.toBe('BASIC');

    expect([await wanted('blue'), await wanted('green')]).toEqual([
      [`${SUBJECT}: a version with its schema`, `${SUBJECT}: version 2`, `${SUBJECT}: compatibility FULL`],
      [],
    ]);

    await withService('green', 'apply', (service) => service.run());
    await expect(routedIn(green)).resolves.toBe('VIP');
  });

  it('and what somebody takes away from green afterwards is named', async () => {
    await fetch(`${green.url}/subjects/${SUBJECT}/versions/2`, { method: 'DELETE' });
    await expect(withService('green', 'apply', (service) => service.verify())).resolves.toMatchObject({
      ok: false,
      drift: { 'schema-registry': ['register-order-event-v2'] },
      changes: [
        { result: 'APPLIED' },
        {
          result: 'NOT_APPLIED',
          differences: [`${SUBJECT}: version 2 is missing; the latest is version 1`],
        },
      ],
    });
  });

  async function withService<T>(
    environment: 'blue' | 'green',
    mode: 'apply' | 'validate',
    use: (service: Flamingock) => Promise<T>,
  ): Promise<T> {
    const { url } = environment === 'blue' ? blue : green;
    const service = createFlamingock({
      service: 'orders',
      environment,
      auditStore: memoryAuditStore(ledgers[environment]),
      targets: { 'schema-registry': schemaRegistryTarget({ url }) },
      changes: registryChanges(SUBJECT),
      mode,
      logger: false,
    });
    try {
      return await use(service);
    } finally {
      await service.close();
    }
  }

  /** What `flamingock diff` goes by. */
  async function wanted(environment: 'blue' | 'green'): Promise<readonly string[]> {
    const auditStore = memoryAuditStore(ledgers[environment]);
    const { entries } = await openDesk({ service: 'orders', environment, auditStore }).history();
    return recordedSequence(entries).flatMap(({ wants }) => wants);
  }

  async function registerByHand(registry: Registry, { schema }: typeof FIRST): Promise<void> {
    const response = await fetch(`${registry.url}/subjects/${SUBJECT}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: JSON.stringify(schema) }),
    });
    expect(response.status).toBe(200);
  }

  /** As a producer that writes by the latest schema: a field that this has not is left out. */
  async function published(
    registry: Registry,
    event: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string | undefined>>> {
    const response = await fetch(`${registry.url}/subjects/${SUBJECT}/versions/latest`);
    const { schema } = (await response.json()) as { readonly schema: string };
    const { fields } = JSON.parse(schema) as { readonly fields: readonly { readonly name: string }[] };
    return Object.fromEntries(fields.map(({ name }) => [name, event[name]]));
  }

  /** As a consumer of the release with the second version: who has no tier is BASIC. */
  async function routedIn(registry: Registry): Promise<string> {
    const { customerTier = 'BASIC' } = await published(registry, VIP);
    return customerTier;
  }
});
