import { describe, expect, test } from '@jest/globals';
import { InvalidSchemaError, parseAvroRecord } from './avro-parser.js';

const ofType = (type: unknown) =>
  JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'f', type }] });

describe('a supported schema', () => {
  test.each([
    ['a primitive', 'long'],
    ['a union', ['null', 'string']],
    ['an enum with a default', { type: 'enum', name: 'E', symbols: ['A', 'B'], default: 'A' }],
    ['an array', { type: 'array', items: 'string' }],
    ['a map of arrays', { type: 'map', values: { type: 'array', items: 'int' } }],
    ['a nested record', { type: 'record', name: 'Inner', namespace: 'a.b', doc: 'inside', fields: [] }],
  ])('%s is kept as it is', (_, type) => {
    expect(parseAvroRecord(ofType(type)).fields[0]).toEqual({ name: 'f', type });
  });

  test('a primitive in its long form is the same as in its short one', () => {
    expect(parseAvroRecord(ofType({ type: 'string' }))).toEqual(parseAvroRecord(ofType('string')));
  });

  test.each([
    ['null', null],
    ['boolean', false],
    ['int', -(2 ** 31)],
    ['long', 2 ** 40],
    ['double', 0.5],
    ['string', 'UNSET'],
    ['bytes', '\u00ff'],
    [['null', 'string'], null],
    [{ type: 'array', items: 'int' }, [1]],
    [{ type: 'map', values: 'int' }, { a: 1 }],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, 'A'],
    [
      {
        type: 'record',
        name: 'I',
        fields: [
          { name: 'a', type: 'int' },
          { name: 'b', type: 'int', default: 1 },
        ],
      },
      { a: 1 },
    ],
  ])('%j may have the default %j', (type, value) => {
    const field = { name: 'f', type, default: value };
    const schema = JSON.stringify({ type: 'record', name: 'R', fields: [field] });
    expect(parseAvroRecord(schema).fields[0]).toEqual(field);
  });
});

describe('a refused schema', () => {
  test.each([
    ['{', 'not valid JSON'],
    ['"string"', 'must be a record'],
    ['{"type":"record","name":"R"}', 'list of fields'],
    ['{"type":"record","fields":[]}', 'A name begins'],
    ['{"type":"record","name":"a.R","fields":[]}', 'A name begins'],
    ['{"type":"record","name":"R","namespace":"a..b","fields":[]}', 'namespace of R'],
    ['{"type":"record","name":"R","aliases":["S"],"fields":[]}', 'aliases is not supported in the schema'],
    ['{"type":"record","name":"R","fields":[1]}', 'A field must be an object'],
    [
      '{"type":"record","name":"R","fields":[{"name":"f"}]}',
      'What is given is not supported as the type of R.f',
    ],
    ['{"type":"record","name":"R","doc":1,"fields":[]}', 'doc of the schema must be a text'],
    [
      '{"type":"record","name":"R","fields":[{"name":"f","type":"int"},{"name":"f","type":"int"}]}',
      'fields of R must have different names',
    ],
    [ofType('R'), 'R is not supported as the type of R.f'],
    [ofType({ type: 'fixed', name: 'F', size: 4 }), 'is not supported in R.f'],
    [ofType({ type: 'long', logicalType: 'timestamp-millis' }), 'logicalType is not supported in R.f'],
    [ofType([]), 'branches of different types'],
    [ofType(['int', 'int']), 'branches of different types'],
    [ofType(['int', ['null', 'string']]), 'may not be a branch'],
    [ofType({ type: 'array' }), 'the items of R.f'],
    [ofType({ type: 'enum', name: 'E', symbols: [] }), 'needs a list of symbols'],
    [ofType({ type: 'enum', name: 'E', symbols: ['A', 'A'] }), 'symbols of E must have different names'],
    [ofType({ type: 'enum', name: 'E', symbols: ['A'], default: 'B' }), 'one of its symbols'],
    [ofType({ type: 'record', name: 'R', fields: [] }), 'R is defined twice'],
  ])('%s: %s', (schema, reason) => {
    expect(() => parseAvroRecord(schema)).toThrow(InvalidSchemaError);
    expect(() => parseAvroRecord(schema)).toThrow(reason);
  });

  test.each([
    ['null', 'null'],
    ['boolean', 0],
    ['int', 2 ** 31],
    ['int', 0.5],
    ['long', 2 ** 53],
    ['double', '1'],
    ['string', null],
    ['bytes', '\u0100'],
    [['null', 'string'], 'a'],
    [{ type: 'array', items: 'int' }, ['a']],
    [{ type: 'map', values: 'int' }, [1]],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, 'B'],
    [{ type: 'record', name: 'I', fields: [{ name: 'a', type: 'int' }] }, {}],
    [{ type: 'record', name: 'I', fields: [] }, { a: 1 }],
  ])('%j may not have the default %j', (type, value) => {
    const schema = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [{ name: 'f', type, default: value }],
    });
    expect(() => parseAvroRecord(schema)).toThrow('The default of R.f is not of its type.');
  });
});
