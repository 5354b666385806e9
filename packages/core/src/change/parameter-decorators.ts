import { parameterMarks } from './marks.js';
import type { ParameterMark } from './marks.js';
import type { Token } from './token.js';

/** A decorator of a parameter of a constructor or method; standard decorators have none. */
export type ChangeParameterDecorator = (
  target: object,
  method: string | symbol | undefined,
  index: number,
) => void;

/** Says that a parameter may act outside the transaction of the change: what it does stays after a roll-back. */
export function Outside(): ChangeParameterDecorator {
  return markParameter({ outside: true });
}

/** Makes a parameter `undefined` where nothing supplies it. */
export function Optional(): ChangeParameterDecorator {
  return markParameter({ optional: true });
}

/**
 * Names what a parameter stands for where its type cannot: an interface, or one of several.
 *
 * @example
 * async apply(@Inject('KAFKA') kafka: Kafka): Promise<void> {}
 */
export function Inject(token: Token): ChangeParameterDecorator {
  return markParameter({ inject: { token } });
}

function markParameter(mark: Omit<ParameterMark, 'method' | 'index'>): ChangeParameterDecorator {
  return (target, method, index) => {
    parameterMarks.set(target, [...(parameterMarks.of(target) ?? []), { ...mark, method, index }]);
  };
}
