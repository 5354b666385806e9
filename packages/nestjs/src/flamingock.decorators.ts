import { Inject } from '@nestjs/common';
import { FLAMINGOCK } from './flamingock.constants.js';

/**
 * The token under which the engine is provided, for `inject` and `ModuleRef.get`.
 *
 * @param name of the instance; default: the one without a name
 */
export function getFlamingockToken(name?: string): string {
  return name === undefined ? FLAMINGOCK : `${FLAMINGOCK}:${name}`;
}

/**
 * Injects the engine. Whoever has it starts after the run, so a change must not ask for such a provider.
 *
 * @param name of the instance; default: the one without a name
 *
 * @example
 * constructor(@InjectFlamingock() private readonly flamingock: Flamingock) {}
 */
export function InjectFlamingock(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getFlamingockToken(name));
}
