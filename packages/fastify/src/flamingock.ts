import { type Flamingock, FlamingockError } from '@flamingock/core';
import { createHosted } from '@flamingock/core/hosting';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { addEngine } from './engines.js';
import { fastifyLogger } from './fastify-logger.js';
import type { FlamingockPluginOptions } from './flamingock-plugin-options.js';
import { holdTraffic } from './gate.js';
import { serveReadiness } from './readiness-route.js';
import { resolveOptions } from './resolve-options.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The engine; the engines by their names, where they were registered with names. */
    flamingock: Flamingock & Readonly<Record<string, Flamingock>>;
  }
}

const plugin: FastifyPluginAsync<FlamingockPluginOptions> = async (app, { name, ...options }) => {
  const logger = options.logger ?? fastifyLogger(app.log, name);
  const hosted = createHosted({ ...resolveOptions(options, app), logger }, 'flamingock()');
  const { hold, readinessPath } = hosted.hosting;
  if (hold === 'block') assertNoPluginTimeout(app);

  addEngine(app, { name, hosted, prefix: app.prefix });
  if (readinessPath !== false) serveReadiness(app, readinessPath);
  if (hold === 'background') holdTraffic(app, hosted);
  drainOnClose(app, hosted.flamingock);
  await hosted.start();
};

/**
 * Runs the sequence of changes while Fastify starts, so before it listens; a run that fails rejects `ready()` and
 * `listen()`. With `hold: 'background'` it listens at once and answers 503 until the run is done. To be registered on
 * the root instance, after the plugins that it takes clients from.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, also where Fastify would cut the run off (`pluginTimeout`), and
 * what `Flamingock.run()` throws.
 *
 * @example
 * const app = Fastify({ logger: true, pluginTimeout: 0 });
 * await app.register(postgres, { connectionString });
 * await app.register(flamingock, {
 *   service: 'shipping',
 *   environment: process.env.FLAMINGOCK_ENV,
 *   auditStore: fromDecorator('pg', sqlAuditStore),
 *   targets: { 'shipping-db': fromDecorator('pg', sqlTarget) },
 *   changes: { directory: join(import.meta.dirname, 'changes') },
 * });
 */
export const flamingock: FastifyPluginAsync<FlamingockPluginOptions> = fastifyPlugin(plugin, {
  fastify: '5.x',
  name: '@flamingock/fastify',
});

/** Also where nothing is pending: it must not come to light in the first release whose change takes its time. */
function assertNoPluginTimeout(app: FastifyInstance): void {
  const { pluginTimeout } = app.initialConfig;
  if (pluginTimeout === 0) return;
  throw new FlamingockError({
    code: 'FLG_OPTION_INVALID',
    message: `flamingock(): Fastify gives up a plugin that takes longer than its pluginTimeout (${pluginTimeout} ms), in the middle of a change.`,
    hint: "Make the application with Fastify({ pluginTimeout: 0 }), or register flamingock with hold: 'background'.",
  });
}

/**
 * Readiness goes down and no change begins as soon as the application closes. The change that runs is waited for in
 * `onClose`, which has no time limit, while requests finish; clients of plugins that were registered before are closed
 * after that.
 */
function drainOnClose(app: FastifyInstance, engine: Flamingock): void {
  app.addHook('preClose', (done) => {
    void engine.close();
    done();
  });
  app.addHook('onClose', () => engine.close());
}
