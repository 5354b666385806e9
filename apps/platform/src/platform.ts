import { join } from 'node:path';
import { apiContracts } from './api-contracts.js';
import { controlApi } from './control-api.js';
import { gateway } from './gateway.js';
import { createJsonServer } from './http/json-server.js';
import { Listener } from './http/listener.js';
import { schemaRegistry } from './schema-registry/schema-registry.js';
import { createService, type Service, type ServiceDefinition } from './service.js';

type ServiceName = 'registry' | 'contracts' | 'gateway';
type ServerName = 'control' | ServiceName;

export interface PlatformOptions {
  /** The folder for states and request logs. One platform at a time may use it. */
  readonly dataDirectory: string;
  /** On 127.0.0.1; 0 picks a free one. */
  readonly ports: Readonly<Record<ServerName, number>>;
}

export interface Platform {
  readonly urls: Readonly<Record<ServerName, string>>;
  /** Closes all ports at once; resolves when nothing is under way any more. Harmless when called again. */
  stop(): Promise<void>;
}

/**
 * Starts the services on their states of last time, and the API that controls them; nothing listens where one of
 * them cannot.
 *
 * Throws `PLATFORM_DATA_UNUSABLE`, `PLATFORM_STATE_UNREADABLE` or `PLATFORM_PORT_UNAVAILABLE`.
 */
export async function startPlatform({ dataDirectory, ports }: PlatformOptions): Promise<Platform> {
  function create<State>(name: ServiceName, definition: ServiceDefinition<State>): Service {
    return createService(definition, { name, port: ports[name], directory: join(dataDirectory, name) });
  }
  const services = {
    registry: create('registry', schemaRegistry()),
    contracts: create('contracts', apiContracts()),
    gateway: create('gateway', gateway()),
  };
  const router = controlApi();
  const byName = new Map<string, Service>(Object.entries(services));
  const server = createJsonServer({ answer: (request) => router.dispatch(byName, request) });
  const control = new Listener(server, ports.control, 'the control API');

  async function stop(): Promise<void> {
    await Promise.all([
      control.close(),
      ...Object.values(services).map((service) => service.switchTo('refusing')),
    ]);
  }
  try {
    for (const service of Object.values(services)) await service.switchTo('up');
    await control.open();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    urls: {
      control: control.url,
      registry: services.registry.url,
      contracts: services.contracts.url,
      gateway: services.gateway.url,
    },
    stop,
  };
}
