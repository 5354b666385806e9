import { FlamingockError } from '@flamingock/core';
import { within } from '../frame/deadline.js';
import type { ConfigContext, EnvironmentConfig } from './config.js';

/** How long a client may take to close, in milliseconds. */
const CLOSE_MS = 2000;

/** What environment variables are called. */
const VARIABLE = /^[a-z_]\w*$/i;

/** What they are usually called, and hardly any secret is: several words in capitals. */
const USUAL = /^[A-Z]+[A-Z0-9]*(_[A-Z0-9]+)+$/;

/** What the parts of a configuration share: its clients and secrets, for as long as a command runs. */
export class OpenedClients implements ConfigContext {
  readonly environment: string;
  readonly #variables: Readonly<Record<string, string | undefined>>;
  readonly #names: Readonly<Record<string, string>>;
  readonly #clients = new Map<string, { readonly client: unknown; readonly close: () => Promise<void> }>();
  readonly #secrets = new Set<string>();

  constructor(
    environment: string,
    { secrets = {} }: EnvironmentConfig,
    variables: Readonly<Record<string, string | undefined>>,
  ) {
    this.environment = environment;
    this.#names = secrets;
    this.#variables = variables;
  }

  // Configurations take these out of the context by their names.
  readonly secret = (name: string): string => {
    const variable = this.#names[name] ?? name;
    if (!VARIABLE.test(variable)) throw noVariable(this.environment);
    const value = this.#variables[variable];
    if (value === undefined || value === '') throw secretMissing(name, variable, this.environment);
    for (const part of [value, ...passwordOf(value)]) this.#secrets.add(part);
    return value;
  };

  readonly open = <T>(name: string, make: () => T, close?: (client: Awaited<T>) => unknown): T => {
    const known = this.#clients.get(name);
    if (known !== undefined) return known.client as T;
    const client = make();
    this.#clients.set(name, {
      client,
      close: async () => {
        await close?.(await client);
      },
    });
    return client;
  };

  /** Everything that no message may hold. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /**
   * Closes what was opened, the last one first. What fails to close has nothing more to say to anybody, and a client that
   * still waits for a silent system is not waited for.
   */
  async close(): Promise<void> {
    for (const { close } of [...this.#clients.values()].reverse())
      await within(CLOSE_MS, close).catch(() => undefined);
    this.#clients.clear();
  }
}

/** Drivers tell of a password also without the address that it came in. */
function passwordOf(value: string): readonly string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A percent sign that encodes nothing: some drivers take it as it is.
    return [password];
  }
}

/** It may be the secret itself, so it is not repeated. */
function noVariable(environment: string): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CONFIG_INVALID',
    message: `The configuration of '${environment}' asks for a secret by something that is no name of an environment variable.`,
    hint: "Keep the value in an environment variable, and name that: secrets: { database: 'DATABASE_URL' }.",
  });
}

/** What does not look like a name may be the secret itself: then only the key is told under which it stands. */
function secretMissing(name: string, variable: string, environment: string): FlamingockError {
  const isName = USUAL.test(variable);
  const key = name === variable ? 'a secret' : `secrets.${name}`;
  return new FlamingockError({
    code: 'FLG_SECRET_MISSING',
    message: isName
      ? `The environment variable ${variable}, which the configuration of '${environment}' refers to, is not set.`
      : `The configuration of '${environment}' refers by ${key} to an environment variable that is not set.`,
    hint: isName
      ? `Set ${variable}, and repeat the command.`
      : 'Set it, and repeat the command; what stands in the configuration must be the name of a variable, and never its value.',
  });
}
