import { isDefaultOf } from './avro-default.js';
import {
  hasDefault,
  isUnion,
  PRIMITIVES,
  type AvroEnum,
  type AvroField,
  type AvroRecord,
  type AvroType,
  type AvroUnion,
} from './avro-schema.js';

const NAME = /^[A-Za-z_]\w*$/;
const NAMESPACE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** What is wrong with a schema, and where in it. */
export class InvalidSchemaError extends Error {}

/**
 * Reads an Avro record schema in JSON. The result has its attributes in one fixed order, so that two schemas
 * which differ only in white space or order of attributes have the same `JSON.stringify`.
 *
 * Throws {@link InvalidSchemaError} for everything outside of the subset that the README describes.
 */
export function parseAvroRecord(text: string): AvroRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InvalidSchemaError('The schema is not valid JSON.');
  }
  const type = new AvroParser().type(json, 'the schema');
  if (typeof type === 'object' && !isUnion(type) && type.type === 'record') return type;
  throw new InvalidSchemaError('The schema must be a record.');
}

type Attributes = Readonly<Record<string, unknown>>;

class AvroParser {
  readonly #names = new Set<string>();

  type(json: unknown, at: string): AvroType {
    if (Array.isArray(json)) return this.#union(json, at);
    if (typeof json !== 'object' || json === null) return primitive(json, at);
    const attributes = json as Attributes;
    switch (attributes['type']) {
      case 'record':
        return this.#record(attributes, at);
      case 'enum':
        return this.#enum(attributes, at);
      case 'array':
        only(attributes, ['type', 'items'], at);
        return { type: 'array', items: this.type(attributes['items'], `the items of ${at}`) };
      case 'map':
        only(attributes, ['type', 'values'], at);
        return { type: 'map', values: this.type(attributes['values'], `the values of ${at}`) };
      default:
        only(attributes, ['type'], at);
        return primitive(attributes['type'], at);
    }
  }

  #union(json: readonly unknown[], at: string): AvroUnion {
    if (json.some(Array.isArray)) {
      throw new InvalidSchemaError(`A union may not be a branch of another one, in ${at}.`);
    }
    const branches = json.map((branch) => this.type(branch, `a branch of ${at}`));
    // Named types need no look here: each name is unique in the schema.
    const unnamed = branches.map(kindOf).filter((kind) => kind !== 'record' && kind !== 'enum');
    if (branches.length === 0 || new Set(unnamed).size < unnamed.length) {
      throw new InvalidSchemaError(`A union needs branches of different types, in ${at}.`);
    }
    return branches;
  }

  #record(attributes: Attributes, at: string): AvroRecord {
    only(attributes, ['type', 'name', 'namespace', 'doc', 'fields'], at);
    const { fields } = attributes;
    if (!Array.isArray(fields)) throw new InvalidSchemaError(`A record needs a list of fields, in ${at}.`);
    const named = this.#named(attributes, at);
    const read = fields.map((field: unknown) => this.#field(field, named.name));
    unique(
      read.map(({ name }) => name),
      `The fields of ${named.name}`,
    );
    return { type: 'record', ...named, fields: read };
  }

  #field(json: unknown, record: string): AvroField {
    if (typeof json !== 'object' || json === null) {
      throw new InvalidSchemaError(`A field must be an object, in ${record}.`);
    }
    const attributes = json as Attributes;
    only(attributes, ['name', 'type', 'doc', 'default'], `a field of ${record}`);
    const name = readName(attributes['name'], `a field of ${record}`);
    const at = `${record}.${name}`;
    const field: AvroField = {
      name,
      type: this.type(attributes['type'], at),
      ...optionalText(attributes, 'doc', at),
      ...(Object.hasOwn(attributes, 'default') ? { default: attributes['default'] } : {}),
    };
    if (hasDefault(field) && !isDefaultOf(field.type, field.default)) {
      throw new InvalidSchemaError(`The default of ${at} is not of its type.`);
    }
    return field;
  }

  #enum(attributes: Attributes, at: string): AvroEnum {
    only(attributes, ['type', 'name', 'namespace', 'doc', 'symbols', 'default'], at);
    const named = this.#named(attributes, at);
    const { symbols: list, default: fallback } = attributes;
    if (!Array.isArray(list) || list.length === 0) {
      throw new InvalidSchemaError(`The enum ${named.name} needs a list of symbols.`);
    }
    const symbols = list.map((symbol) => readName(symbol, `a symbol of ${named.name}`));
    unique(symbols, `The symbols of ${named.name}`);
    if (fallback === undefined) return { type: 'enum', ...named, symbols };
    if (typeof fallback !== 'string' || !symbols.includes(fallback)) {
      throw new InvalidSchemaError(`The default of ${named.name} must be one of its symbols.`);
    }
    return { type: 'enum', ...named, symbols, default: fallback };
  }

  #named(attributes: Attributes, at: string) {
    const name = readName(attributes['name'], at);
    if (this.#names.has(name)) throw new InvalidSchemaError(`The type ${name} is defined twice.`);
    this.#names.add(name);
    const namespace = optionalText(attributes, 'namespace', at);
    if (namespace.namespace !== undefined && !NAMESPACE.test(namespace.namespace)) {
      throw new InvalidSchemaError(`The namespace of ${name} must consist of names with dots between them.`);
    }
    return { name, ...namespace, ...optionalText(attributes, 'doc', at) };
  }
}

function kindOf(type: AvroType): string {
  if (isUnion(type)) return 'union';
  return typeof type === 'string' ? type : type.type;
}

function primitive(json: unknown, at: string): AvroType {
  const type = PRIMITIVES.find((candidate) => candidate === json);
  if (type !== undefined) return type;
  throw new InvalidSchemaError(
    `${typeof json === 'string' ? json : 'What is given'} is not supported as the type of ${at}. Supported are ` +
      `${PRIMITIVES.join(', ')}, record, enum, array, map and unions, each defined where it is used.`,
  );
}

function only(attributes: Attributes, known: readonly string[], at: string): void {
  const unknown = Object.keys(attributes).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new InvalidSchemaError(`The attribute ${unknown.join(', ')} is not supported in ${at}.`);
  }
}

function readName(json: unknown, at: string): string {
  if (typeof json === 'string' && NAME.test(json)) return json;
  throw new InvalidSchemaError(
    `A name begins with a letter or _ and goes on with letters, digits and _, in ${at}.`,
  );
}

function optionalText<Key extends string>(
  attributes: Attributes,
  key: Key,
  at: string,
): Partial<Record<Key, string>> {
  const value = attributes[key];
  if (value === undefined) return {};
  if (typeof value === 'string') return { [key]: value } as Record<Key, string>;
  throw new InvalidSchemaError(`The ${key} of ${at} must be a text.`);
}

function unique(names: readonly string[], subject: string): void {
  if (new Set(names).size < names.length) {
    throw new InvalidSchemaError(`${subject} must have different names.`);
  }
}
