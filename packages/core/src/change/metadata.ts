/** What a library for decorator metadata puts on `Reflect`; the core depends on none. */
interface ReflectMetadata {
  readonly getOwnMetadata?: (key: string, owner: object, method?: string | symbol) => unknown;
}

/** Where NestJS keeps what its own `@Inject` and `@Optional` say, for parameters and for properties. */
const FOREIGN_INJECTION = ['self:paramtypes', 'optional:paramtypes', 'self:properties_metadata'];

/**
 * The types of the parameters as the compiler has emitted them, or `undefined` where it has not.
 *
 * @param owner the prototype of a method, or the class for its constructor
 */
export function emittedTypes(
  owner: object,
  method: string | symbol | undefined,
): readonly unknown[] | undefined {
  const types = ownMetadata('design:paramtypes', owner, method);
  return Array.isArray(types) ? types : undefined;
}

/** Tells whether the injection marks of another library stand here: they mean nothing to this one. */
export function hasForeignInjection(owner: object): boolean {
  return FOREIGN_INJECTION.some((key) => ownMetadata(key, owner, undefined) !== undefined);
}

function ownMetadata(key: string, owner: object, method: string | symbol | undefined): unknown {
  return (Reflect as ReflectMetadata).getOwnMetadata?.(key, owner, method);
}
