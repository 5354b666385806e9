export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

export type AvroPrimitive = (typeof PRIMITIVES)[number];
export type AvroUnion = readonly AvroType[];
export type AvroType = AvroPrimitive | AvroUnion | AvroEnum | AvroArray | AvroMap | AvroRecord;

/** Names stand for themselves: a type is defined where it is used, and once in a schema. */
interface AvroNamed {
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
}

export interface AvroRecord extends AvroNamed {
  readonly type: 'record';
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string;
  /** There or not there: `null` is a default. */
  readonly default?: unknown;
}

export interface AvroEnum extends AvroNamed {
  readonly type: 'enum';
  readonly symbols: readonly string[];
  readonly default?: string;
}

export interface AvroArray {
  readonly type: 'array';
  readonly items: AvroType;
}

export interface AvroMap {
  readonly type: 'map';
  readonly values: AvroType;
}

export function isUnion(type: AvroType): type is AvroUnion {
  return Array.isArray(type);
}

export function hasDefault(field: AvroField): boolean {
  return Object.hasOwn(field, 'default');
}
