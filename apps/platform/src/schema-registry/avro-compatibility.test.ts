import { describe, expect, test } from '@jest/globals';
import { compatibilityErrors } from './avro-compatibility.js';
import type { AvroField, AvroRecord, AvroType } from './avro-schema.js';

const record = (...fields: AvroField[]): AvroRecord => ({ type: 'record', name: 'R', fields });
const ofType = (type: AvroType) => record({ name: 'f', type });
const colours = (...symbols: string[]): AvroType => ({ type: 'enum', name: 'Colour', symbols });

const KEPT: AvroField = { name: 'kept', type: 'string' };
const ADDED: AvroField = { name: 'added', type: 'string' };
const ADDED_WITH_DEFAULT: AvroField = { ...ADDED, default: '' };

describe('levels', () => {
  test.each([
    {
      what: 'a field added with a default',
      next: record(KEPT, ADDED_WITH_DEFAULT),
      previous: record(KEPT),
      allowed: ['NONE', 'BACKWARD', 'FORWARD', 'FULL'],
    },
    {
      what: 'a field added without a default',
      next: record(KEPT, ADDED),
      previous: record(KEPT),
      allowed: ['NONE', 'FORWARD'],
    },
    {
      what: 'a field removed that had a default',
      next: record(KEPT),
      previous: record(KEPT, ADDED_WITH_DEFAULT),
      allowed: ['NONE', 'BACKWARD', 'FORWARD', 'FULL'],
    },
    {
      what: 'a field removed that had none',
      next: record(KEPT),
      previous: record(KEPT, ADDED),
      allowed: ['NONE', 'BACKWARD'],
    },
    { what: 'a promoted type', next: ofType('long'), previous: ofType('int'), allowed: ['NONE', 'BACKWARD'] },
    { what: 'another type', next: ofType('string'), previous: ofType('int'), allowed: ['NONE'] },
    { what: 'another name', next: { ...record(KEPT), name: 'S' }, previous: record(KEPT), allowed: ['NONE'] },
  ])('$what passes $allowed and nothing else', ({ next, previous, allowed }) => {
    const levels = ['NONE', 'BACKWARD', 'FORWARD', 'FULL'] as const;
    expect(levels.filter((level) => compatibilityErrors(level, next, previous).length === 0)).toEqual(
      allowed,
    );
  });

  test('every error names its place and its direction', () => {
    expect(compatibilityErrors('FULL', ofType('string'), ofType('int'))).toEqual([
      'reading old data: R.f: int cannot be read as string',
      'old readers: R.f: string cannot be read as int',
    ]);
  });
});

describe('what BACKWARD lets a type become', () => {
  test.each<[AvroType, AvroType]>([
    ['int', 'double'],
    ['long', 'float'],
    ['float', 'double'],
    ['string', 'bytes'],
    ['bytes', 'string'],
    ['string', ['null', 'string']],
    [['int', 'long'], 'long'],
    [colours('RED'), colours('RED', 'BLUE')],
    [colours('RED', 'BLUE'), { type: 'enum', name: 'Colour', symbols: ['RED'], default: 'RED' }],
    [
      { type: 'array', items: 'int' },
      { type: 'array', items: 'long' },
    ],
    [
      { type: 'map', values: 'int' },
      { type: 'map', values: 'long' },
    ],
  ])('%j may become %j', (previous, next) => {
    expect(compatibilityErrors('BACKWARD', ofType(next), ofType(previous))).toEqual([]);
  });

  test.each<[AvroType, AvroType]>([
    ['long', 'int'],
    ['double', 'float'],
    ['int', 'string'],
    [['null', 'string'], 'string'],
    ['boolean', ['null', 'string']],
    [colours('RED', 'BLUE'), colours('RED')],
    [colours('RED'), { type: 'enum', name: 'Other', symbols: ['RED'] }],
    [colours('RED'), 'string'],
    [
      { type: 'array', items: 'long' },
      { type: 'array', items: 'int' },
    ],
    [
      { type: 'map', values: 'long' },
      { type: 'map', values: 'int' },
    ],
    [
      { type: 'array', items: 'int' },
      { type: 'map', values: 'int' },
    ],
    [
      { type: 'record', name: 'I', fields: [] },
      { type: 'record', name: 'I', fields: [{ name: 'a', type: 'int' }] },
    ],
  ])('%j may not become %j', (previous, next) => {
    expect(compatibilityErrors('BACKWARD', ofType(next), ofType(previous))).toHaveLength(1);
  });
});
