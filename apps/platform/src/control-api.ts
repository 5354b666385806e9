import { MODES, type Mode } from './availability-switch.js';
import { PlatformError } from './errors.js';
import { Problem, type Reply } from './http/problem.js';
import { Router } from './http/router.js';
import type { Service } from './service.js';

type Services = ReadonlyMap<string, Service>;

/** What steers the services from outside: their modes, their request logs, their states. */
export function controlApi(): Router<Services, Reply | Promise<Reply>> {
  return new Router<Services, Reply | Promise<Reply>>()
    .on('GET /services', (services) => ({ status: 200, body: [...services].map(shown) }))
    .on('PUT /services/:name', async (services, { parameters: { name }, json }) => {
      const service = find(services, name);
      const { mode: wanted } = json('mode');
      const mode = MODES.find((candidate) => candidate === wanted);
      if (mode === undefined) throw new Problem(400, `The mode must be one of: ${MODES.join(', ')}.`);
      await switchTo(service, mode);
      return { status: 200, body: shown([name, service]) };
    })
    .on('GET /services/:name/requests', (services, { parameters: { name }, query }) => {
      const since = query.get('since') ?? '0';
      if (!/^\d+$/.test(since)) throw new Problem(400, 'since must be the index of a request.');
      return { status: 200, body: find(services, name).requests(Number(since)) };
    })
    .on('DELETE /services/:name/state', (services, { parameters: { name } }) => {
      find(services, name).reset();
      return { status: 204 };
    });
}

function shown([name, { mode, url }]: readonly [string, Service]) {
  return { name, mode, url };
}

function find(services: Services, name: string): Service {
  const service = services.get(name);
  if (service === undefined) throw new Problem(404, `There is no service ${name}.`);
  return service;
}

async function switchTo(service: Service, mode: Mode): Promise<void> {
  try {
    await service.switchTo(mode);
  } catch (error) {
    if (error instanceof PlatformError) throw new Problem(409, error.message);
    throw error;
  }
}
