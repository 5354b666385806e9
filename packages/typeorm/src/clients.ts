import { type Token, tokenKey } from '@flamingock/core/spi';
import type { DataSource, EntityManager } from 'typeorm';

/**
 * How a manager supplies what a token asks for: itself, or the repository of one of its entities. `undefined` for
 * any other token. Tokens are the classes, and the strings under which `@nestjs/typeorm` registers providers of a
 * data source with a name.
 */
export function suppliedByManager(
  dataSource: DataSource,
  token: Token,
): ((manager: EntityManager) => unknown) | undefined {
  const key = tokenKey(token);
  const name = nameOf(dataSource);
  if (isClassOf(dataSource.manager, key) || (name !== undefined && key === `${name}EntityManager`)) {
    return (manager) => manager;
  }
  const prefix = name === undefined ? '' : `${name}_`;
  const entity = dataSource.entityMetadatas.find(
    ({ targetName }) => key === `${prefix}${targetName}Repository`,
  );
  return entity === undefined ? undefined : (manager) => manager.getRepository(entity.target);
}

/** Tells whether a token asks for the data source itself. */
export function isDataSource(dataSource: DataSource, token: Token): boolean {
  const key = tokenKey(token);
  const name = nameOf(dataSource);
  return isClassOf(dataSource, key) || (name !== undefined && key === `${name}DataSource`);
}

function isClassOf(value: object, key: unknown): boolean {
  // An arrow function may be a token of a container, and has no prototype.
  return typeof key === 'function' && key !== Object && 'prototype' in key && value instanceof key;
}

/** The name that `@nestjs/typeorm` puts before its tokens; TypeORM itself has none any more. */
function nameOf(dataSource: DataSource): string | undefined {
  const { name } = dataSource.options as { readonly name?: unknown };
  return typeof name === 'string' && name !== 'default' ? name : undefined;
}
