import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from './describe-with.mjs';
import { ownRegistry, type Registry, startRegistry } from './registry.mjs';

const describeWithRegistry = await describeWith(ownRegistry);

describeWithRegistry('a schema registry', () => {
  let registry: Registry;

  beforeAll(async () => {
    registry = await startRegistry({ exclusive: true });
  }, 90_000);

  afterAll(() => registry.stop());

  async function call(method: string, path: string, body?: unknown) {
    const response = await fetch(`${registry.url}${path}`, {
      method,
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  it('takes a schema once, whatever its white space', async () => {
    const subject = registry.subject();
    const register = (schema: string) => call('POST', `/subjects/${subject}/versions`, { schema });
    const first = await register('{"type":"record","name":"OrderEvent","fields":[]}');
    expect(first.status).toBe(200);
    expect(await register('{ "type": "record", "name": "OrderEvent", "fields": [] }')).toEqual(first);
    expect(await call('GET', `/subjects/${subject}/versions`)).toEqual({ status: 200, body: [1] });
  });

  it('can be killed and comes back at the same address, with what it held', async () => {
    const subject = registry.subject();
    await call('POST', `/subjects/${subject}/versions`, { schema: '"string"' });
    await registry.kill();
    await expect(call('GET', '/subjects')).rejects.toThrow('fetch failed');
    await registry.restart();
    expect(await call('GET', `/subjects/${subject}/versions`)).toEqual({ status: 200, body: [1] });
  }, 90_000);
});
