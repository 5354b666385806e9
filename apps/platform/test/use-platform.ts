import { afterEach, beforeEach } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mode } from '../src/availability-switch.js';
import { startPlatform, type Platform } from '../src/platform.js';
import type { LoggedRequest } from '../src/request-log.js';

export const FREE_PORTS = { control: 0, registry: 0, contracts: 0, gateway: 0 };

type ServerName = keyof typeof FREE_PORTS;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A platform on free ports and a folder of its own for each test of the file. */
export function usePlatform() {
  let dataDirectory: string;
  let platform: Platform;

  async function start(): Promise<void> {
    platform = await startPlatform({ dataDirectory, ports: FREE_PORTS });
  }

  /** Sends a request such as `PUT /services/registry`, with a JSON body where one is given. */
  async function call(server: ServerName, endpoint: `${string} /${string}`, body?: unknown): Promise<Answer> {
    const [method = '', path = ''] = endpoint.split(' ');
    const response = await fetch(platform.urls[server] + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  }

  beforeEach(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'platform-'));
    await start();
  });
  afterEach(async () => {
    await platform.stop();
    rmSync(dataDirectory, { recursive: true });
  });

  return {
    get urls() {
      return platform.urls;
    },
    get dataDirectory() {
      return dataDirectory;
    },
    call,
    switchTo: (service: ServerName, mode: Mode) => call('control', `PUT /services/${service}`, { mode }),
    log: async (service: ServerName) =>
      (await call('control', `GET /services/${service}/requests`)).body as LoggedRequest[],
    /** Another platform object on the same folder; `meanwhile` runs while neither is there. */
    restart: async (meanwhile?: () => void) => {
      await platform.stop();
      meanwhile?.();
      await start();
    },
  };
}
