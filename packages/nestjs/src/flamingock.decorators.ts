import { Inject } from '@nestjs/common';
import { FLAMINGOCK } from './flamingock.constants.js';

/** The token under which the engine is provided, for `overrideProvider`, `inject` and `ModuleRef.get`. */
export function getFlamingockToken(): string {
  return FLAMINGOCK;
}

/**
 * Injects the engine. Whoever has it starts after the run, so a change must not ask for such a provider.
 *
 * @example
 * constructor(@InjectFlamingock() private readonly flamingock: Flamingock) {}
 */
export function InjectFlamingock(): ParameterDecorator & PropertyDecorator {
  return Inject(FLAMINGOCK);
}
