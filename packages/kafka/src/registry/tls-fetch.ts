import { FlamingockError } from '@flamingock/core/spi';
import type { RegistryTls } from './registry-options.js';
import type { Fetch } from './transport.js';

/**
 * The `fetch` of Node.js, or where TLS has settings that of undici, which alone takes them. Throws `FLG_OPTION_INVALID` where
 * that is not installed.
 */
export async function fetchWith(tls: RegistryTls | undefined): Promise<Fetch> {
  if (tls === undefined) return fetch;
  const { Agent, fetch: fetchOfUndici } = await import('undici').catch(() => {
    throw new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: 'schemaRegistryTarget(): tls needs the package undici, which is not installed.',
      hint: 'npm install undici, or leave tls out and set NODE_EXTRA_CA_CERTS.',
    });
  });
  const { ca, ...own } = tls;
  const dispatcher = new Agent({ connect: { ...own, ...(ca === undefined ? {} : { ca: [ca].flat() }) } });
  return (url, init) => fetchOfUndici(url, { ...init, dispatcher });
}
