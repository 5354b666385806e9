import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(
  import.meta.resolve('platform/package.json').replace('package.json', 'dist/main.js'),
);

/** @typedef {'registry' | 'contracts' | 'gateway'} ServiceName */
/** @typedef {'up' | 'unavailable' | 'refusing'} Mode */
/** @typedef {{ readonly time: string, readonly method: string, readonly path: string, readonly status: number | null }} LoggedRequest */

/** The other systems of the worked example, in a process of their own on free ports. */
export class Platform {
  /** @readonly */
  urls;

  /** @param {Readonly<Record<ServiceName | 'control', string>>} urls */
  constructor(urls) {
    this.urls = urls;
  }

  /** @param {import('./sandbox.mjs').Sandbox} sandbox */
  static async start(sandbox) {
    const child = sandbox.start('platform', [ENTRY], {
      PLATFORM_DATA: sandbox.path('platform'),
      REGISTRY_PORT: '0',
      CONTRACTS_PORT: '0',
      GATEWAY_PORT: '0',
      CONTROL_PORT: '0',
    });
    const [, urls = ''] = await child.line(/^platform ready (\{.*\})$/);
    return new Platform(JSON.parse(urls));
  }

  /**
   * @param {ServiceName} service
   * @param {Mode} mode
   */
  async switchTo(service, mode) {
    const response = await fetch(`${this.urls.control}/services/${service}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode }),
    });
    if (!response.ok) throw new Error(`The platform refused to switch ${service}: ${await response.text()}`);
  }

  /**
   * What the service itself has logged: `POST /contracts/order-response/fields 201`, in the order of the answers.
   *
   * @param {ServiceName} service
   * @returns {Promise<string[]>}
   */
  async requests(service) {
    const response = await fetch(`${this.urls.control}/services/${service}/requests`);
    const logged = /** @type {LoggedRequest[]} */ (await response.json());
    return logged.map(({ method, path, status }) => `${method} ${path} ${String(status)}`);
  }

  /** The requests of all three services together. */
  async allRequests() {
    const logs = await Promise.all([
      this.requests('registry'),
      this.requests('contracts'),
      this.requests('gateway'),
    ]);
    return logs.flat();
  }
}
