import { dirname, resolve } from 'node:path';
import type { FlamingockOptions } from '@flamingock/core';
import { notKnown, usage } from '../frame/usage.js';
import { applicationProject, openApplication } from './application.js';
import { findConfig } from './find-config.js';
import { moduleLoader } from './module-loader.js';
import { OpenedClients } from './opened-clients.js';
import type { Engine, OtherLedger, Project, ProjectRequest } from './project.js';
import { type ReadConfig, readConfig, threw } from './read-config.js';

/**
 * Finds and reads the configuration, or builds the application that is named. Nothing is connected before a command asks
 * for it.
 *
 * Throws `FLG_CONFIG_MISSING`, `FLG_CONFIG_INVALID`, `FLG_APPLICATION_INVALID`, `FLG_USAGE`.
 */
export async function openProject(request: ProjectRequest): Promise<Project> {
  if (request.app !== undefined) return applicationProject(request, resolve(request.directory, request.app));
  const file = findConfig(request.directory, request.config);
  const loader = await moduleLoader(file);
  const config = await readConfig(file, loader);
  return new ConfiguredProject(config, chosenEnvironment(config, request), request);
}

/** Never guessed: a wrong guess would act on one environment in place of another. */
function chosenEnvironment({ environments }: ReadConfig, { environment, variables }: ProjectRequest): string {
  const known = Object.keys(environments);
  const chosen = environment ?? variables['FLAMINGOCK_ENV'] ?? '';
  if (chosen === '')
    throw usage(
      'It is not said which environment is meant.',
      `Add --environment <name>, or set FLAMINGOCK_ENV. Known: ${known.join(', ')}.`,
    );
  if (!Object.hasOwn(environments, chosen)) throw notKnown('environment', chosen, known);
  return chosen;
}

class ConfiguredProject implements Project {
  readonly #config: ReadConfig;
  readonly #environment: string;
  readonly #request: ProjectRequest;
  readonly #clients: OpenedClients;
  #base: Promise<BaseOptions> | undefined;
  #engine: Promise<Engine> | undefined;
  #closeApplication: (() => Promise<void>) | undefined;

  constructor(config: ReadConfig, environment: string, request: ProjectRequest) {
    this.#config = config;
    this.#environment = environment;
    this.#request = request;
    this.#clients = new OpenedClients(environment, config.environments[environment] ?? {}, request.variables);
  }

  async desk(other: OtherLedger = {}): ReturnType<Project['desk']> {
    const { openDesk } = await import('@flamingock/core/desk');
    const { environment, environments, auditStore, ...rest } = await this.#options();
    const { service = rest.service, tenant = rest.tenant } = other;
    const changes = service === rest.service ? this.#config.changes : undefined;
    const { outOfOrder, applicationVersion, secrets, lock, storeTimeoutMs } = rest;
    return openDesk({
      service,
      environment,
      auditStore,
      ...present({
        tenant,
        environments,
        outOfOrder,
        applicationVersion,
        secrets,
        lock,
        storeTimeoutMs,
        changes,
      }),
    });
  }

  get secrets(): readonly string[] {
    return this.#clients.secrets;
  }

  engine(): Promise<Engine> {
    this.#engine ??= this.#makeEngine();
    return this.#engine;
  }

  async close(): Promise<void> {
    await this.#closeApplication?.();
    await this.#clients.close();
  }

  async #makeEngine(): Promise<Engine> {
    const { application, file, changes } = this.#config;
    if (application !== undefined) {
      const opened = await openApplication(resolve(dirname(file), application), {
        ...this.#request,
        environment: this.#environment,
      });
      this.#closeApplication = opened.close;
      return opened.engine;
    }
    if (changes === undefined)
      throw usage(
        'The configuration says neither changes nor application, so only the ledger can be looked at.',
        "Add changes: { directory: './src/changes' } with its targets, or application: './dist/app.module.js'.",
      );
    const { createFlamingock } = await import('@flamingock/core');
    const base = await this.#options();
    const targets = (await this.#made('targets', (config) => config.targets?.(this.#clients))) ?? {};
    const dependencies = await this.#made('dependencies', (config) => config.dependencies?.(this.#clients));
    const secrets = this.#clients.secrets;
    const logger = this.#request.logger;
    const options = { ...base, secrets, targets, changes, logger, ...present({ dependencies }) };
    return { flamingock: createFlamingock(options), options };
  }

  #options(): Promise<BaseOptions> {
    this.#base ??= this.#makeBase();
    return this.#base;
  }

  async #makeBase(): Promise<BaseOptions> {
    const { service, tenant, environments, effectFree, lock, ...rest } = this.#config;
    const outOfOrder = environments[this.#environment]?.outOfOrder ?? this.#config.outOfOrder;
    const { storeTimeoutMs, runDeadlineMs, abortGraceMs, shutdownGraceMs, applicationVersion } = rest;
    const auditStore = await this.#made('auditStore', (config) => config.auditStore(this.#clients));
    return {
      service,
      environment: this.#environment,
      environments: Object.fromEntries(
        Object.entries(environments).map(([name, { disposable = false }]) => [name, { disposable }]),
      ),
      auditStore,
      secrets: this.#clients.secrets,
      ...present({ tenant, outOfOrder, effectFree, lock, storeTimeoutMs, runDeadlineMs, abortGraceMs }),
      ...present({ shutdownGraceMs, applicationVersion }),
    };
  }

  /** What a part of the configuration makes. A foreign error may hold the address that it could not reach. */
  async #made<T>(what: string, make: (config: ReadConfig) => T): Promise<Awaited<T>> {
    try {
      return await make(this.#config);
    } catch (error) {
      const { isFlamingockError } = await import('@flamingock/core');
      if (isFlamingockError(error)) throw error;
      throw threw(`${what} of the configuration could not be made`, error, this.#clients.secrets);
    }
  }
}

type BaseOptions = Omit<FlamingockOptions, 'targets' | 'changes'>;

/** An option that is not given is not there at all: a default may apply. */
function present<T extends Readonly<Record<string, unknown>>>(options: T): Present<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<T>;
}

type Present<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
