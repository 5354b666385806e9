import { resolve } from 'node:path';
import { PlatformError } from './errors.js';
import type { PlatformOptions } from './platform.js';

const DEFAULT_PORTS = {
  CONTROL_PORT: 4100,
  REGISTRY_PORT: 4101,
  CONTRACTS_PORT: 4102,
  GATEWAY_PORT: 4103,
} as const;

/**
 * What the environment asks for: `PLATFORM_DATA`, and the ports where they are not the default ones.
 *
 * Throws `PLATFORM_ENVIRONMENT_INVALID`, which tells of everything wrong at once.
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): PlatformOptions {
  const errors: string[] = [];
  const ownerOf = new Map<number, string>();

  function port(variable: keyof typeof DEFAULT_PORTS): number {
    const value = environment[variable] ?? String(DEFAULT_PORTS[variable]);
    const number = Number(value);
    if (!/^\d{1,5}$/.test(value) || number > 65_535) {
      errors.push(`${variable} must be a port from 0 to 65535, not "${value}".`);
      return 0;
    }
    const owner = ownerOf.get(number);
    if (owner === undefined || number === 0) ownerOf.set(number, variable);
    else errors.push(`${owner} and ${variable} must be different ports, not both ${number}.`);
    return number;
  }

  const dataDirectory = environment['PLATFORM_DATA'] ?? '';
  if (dataDirectory === '') errors.push('PLATFORM_DATA must name the folder for states and request logs.');
  const ports = {
    control: port('CONTROL_PORT'),
    registry: port('REGISTRY_PORT'),
    contracts: port('CONTRACTS_PORT'),
    gateway: port('GATEWAY_PORT'),
  };
  if (errors.length > 0) {
    throw new PlatformError(
      'PLATFORM_ENVIRONMENT_INVALID',
      errors.join('\n'),
      'The README lists the variables.',
    );
  }
  return { dataDirectory: resolve(dataDirectory), ports };
}
