import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child } from './child.mjs';
import { freePort } from './orders.mjs';
import type { Sandbox } from './sandbox.mjs';

const APPLICATION = dirname(fileURLToPath(import.meta.resolve('storefront-next/package.json')));
const NEXT = createRequire(`${APPLICATION}/package.json`).resolve('next/dist/bin/next');

/** What the page shows, in its order, when all changes are applied. */
export const PRODUCTS = [
  'Cup, €9.00, delivered in 2 days',
  'Saucer, €4.50, delivered in 2 days',
  'Teapot, €34.00, delivered in 12 days',
];

/** Starts the built application, as `npm start` does, on a port that is known; resolves when the port is open. */
export async function startStorefront(
  sandbox: Sandbox,
  environment: Readonly<Record<string, string>>,
): Promise<{ child: Child; url: string }> {
  const port = await freePort();
  const child = sandbox.start('storefront-next', [NEXT, 'start', APPLICATION, '-H', '127.0.0.1'], {
    PORT: String(port),
    NEXT_TELEMETRY_DISABLED: '1',
    ...environment,
  });
  await child.line(/✓ Ready/);
  return { child, url: `http://127.0.0.1:${port}` };
}
