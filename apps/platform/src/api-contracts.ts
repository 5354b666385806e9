import { isDeepStrictEqual } from 'node:util';
import { readFieldName } from './field-name.js';
import { Problem } from './http/problem.js';
import { Router } from './http/router.js';
import type { Outcome, ServiceDefinition } from './service.js';

const FIELD_TYPES = ['string', 'integer', 'number', 'boolean', 'date-time'] as const;

interface Field {
  readonly type: (typeof FIELD_TYPES)[number];
  readonly required: boolean;
  /** The allowed values of a string. */
  readonly enum?: readonly string[];
}

interface Contract {
  readonly name: string;
  /** Grows by one with every effective change. */
  readonly version: number;
  readonly fields: Readonly<Record<string, Field>>;
}

type Contracts = readonly Contract[];

const SEED: Contracts = [
  {
    name: 'order-response',
    version: 1,
    fields: {
      id: { type: 'string', required: true },
      item: { type: 'string', required: true },
      quantity: { type: 'integer', required: true },
      createdAt: { type: 'date-time', required: true },
    },
  },
];

/** The service that knows what every API of the company promises to answer. */
export function apiContracts(): ServiceDefinition<Contracts> {
  const router = new Router<Contracts, Outcome<Contracts>>()
    .on('GET /contracts', (contracts) => ({ status: 200, body: contracts }))
    .on('GET /contracts/:name', (contracts, { parameters }) => ({
      status: 200,
      body: find(contracts, parameters.name),
    }))
    .on('PUT /contracts/:name/fields/:field', (contracts, { parameters, json }) => {
      const contract = find(contracts, parameters.name);
      const field = readField(json('type', 'required', 'enum'));
      return setField(contracts, contract, readFieldName(parameters.field), field, 200);
    })
    .on('POST /contracts/:name/fields', (contracts, { parameters, json }) => {
      const contract = find(contracts, parameters.name);
      const { name, ...description } = json('name', 'type', 'required', 'enum');
      const fieldName = readFieldName(name);
      const field = readField(description);
      if (has(contract, fieldName)) {
        throw new Problem(409, `The contract ${contract.name} has a field ${fieldName} already.`);
      }
      return setField(contracts, contract, fieldName, field, 201);
    })
    .on('DELETE /contracts/:name/fields/:field', (contracts, { parameters }) => {
      const contract = find(contracts, parameters.name);
      if (!has(contract, parameters.field)) {
        throw new Problem(404, `The contract ${contract.name} has no field ${parameters.field}.`);
      }
      const fields = Object.fromEntries(
        Object.entries(contract.fields).filter(([name]) => name !== parameters.field),
      );
      return change(contracts, contract, fields, 200);
    });
  return { seed: SEED, router };
}

function find(contracts: Contracts, name: string): Contract {
  const contract = contracts.find((candidate) => candidate.name === name);
  if (contract === undefined) throw new Problem(404, `There is no contract ${name}.`);
  return contract;
}

/** Asks for own keys, because a field may have the name of something that every object inherits. */
function has(contract: Contract, field: string): boolean {
  return Object.hasOwn(contract.fields, field);
}

function setField(contracts: Contracts, contract: Contract, name: string, field: Field, status: number) {
  const same = has(contract, name) && isDeepStrictEqual(contract.fields[name], field);
  if (same) return { status, body: contract };
  return change(contracts, contract, { ...contract.fields, [name]: field }, status);
}

function change(contracts: Contracts, contract: Contract, fields: Contract['fields'], status: number) {
  const changed = { ...contract, version: contract.version + 1, fields };
  return { status, body: changed, state: contracts.with(contracts.indexOf(contract), changed) };
}

function readField(description: Partial<Record<keyof Field, unknown>>): Field {
  const { required = false, enum: values } = description;
  const type = FIELD_TYPES.find((candidate) => candidate === description.type);
  if (type === undefined) throw new Problem(400, `The type must be one of: ${FIELD_TYPES.join(', ')}.`);
  if (typeof required !== 'boolean') throw new Problem(400, 'The value of required must be true or false.');
  if (values === undefined) return { type, required };
  if (type !== 'string' || !isSetOfStrings(values)) {
    throw new Problem(400, 'An enum belongs to type string, and lists at least one string, each once.');
  }
  return { type, required, enum: values };
}

function isSetOfStrings(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'string') &&
    new Set(value).size === value.length
  );
}
