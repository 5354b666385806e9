/** A class and its base classes, or a prototype and those above it; the nearest first. */
export function lineage<T extends object>(start: T): readonly T[] {
  const above: unknown = Object.getPrototypeOf(start);
  const ends = above === null || above === Object.prototype || above === Function.prototype;
  return ends ? [start] : [start, ...lineage(above as T)];
}
