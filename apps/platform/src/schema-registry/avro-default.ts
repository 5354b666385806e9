import { hasDefault, isUnion, type AvroRecord, type AvroType } from './avro-schema.js';

const INT_LIMIT = 2 ** 31;

/** Whether this JSON value is a default of the type. That of a union belongs to its first branch. */
export function isDefaultOf(type: AvroType, value: unknown): boolean {
  if (isUnion(type)) return type[0] !== undefined && isDefaultOf(type[0], value);
  if (typeof type === 'object') {
    switch (type.type) {
      case 'enum':
        return typeof value === 'string' && type.symbols.includes(value);
      case 'array':
        return Array.isArray(value) && value.every((item) => isDefaultOf(type.items, item));
      case 'map':
        return isJsonObject(value) && Object.values(value).every((item) => isDefaultOf(type.values, item));
      case 'record':
        return isJsonObject(value) && isRecordDefault(type, value);
    }
  }
  switch (type) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && Number(value) >= -INT_LIMIT && Number(value) < INT_LIMIT;
    case 'long':
      // Beyond the safe integers JSON.parse has rounded already what the author wrote.
      return Number.isSafeInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'bytes':
      // Avro writes bytes in JSON as the characters with those code points.
      return typeof value === 'string' && /^[\0-\xff]*$/.test(value);
  }
}

function isRecordDefault(record: AvroRecord, value: Record<string, unknown>): boolean {
  return (
    Object.keys(value).every((key) => record.fields.some(({ name }) => name === key)) &&
    record.fields.every((field) =>
      Object.hasOwn(value, field.name) ? isDefaultOf(field.type, value[field.name]) : hasDefault(field),
    )
  );
}

function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
