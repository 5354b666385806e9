import { token, type TypedToken } from '@flamingock/core/spi';
import type { EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';

/** Asks for the `QueryRunner` of the change's transaction, which has no class of its own to ask by. */
export const QUERY_RUNNER: TypedToken<QueryRunner> = token('flamingock.typeorm.QueryRunner');

/**
 * Asks for the repository of an entity: bound to the transaction in a transactional change. The same token as
 * `getRepositoryToken(Order)` of `@nestjs/typeorm`; for a data source with a name use that one.
 *
 * @example
 * inject: { orders: repositoryOf(Order) }
 */
export function repositoryOf<Entity extends ObjectLiteral>(
  entity: EntityTarget<Entity>,
): TypedToken<Repository<Entity>> {
  return token(`${nameOf(entity)}Repository`);
}

function nameOf(entity: EntityTarget<ObjectLiteral>): string {
  if (typeof entity === 'string') return entity;
  if (typeof entity === 'function') return entity.name;
  if ('options' in entity) {
    const { target, name } = entity.options;
    return typeof target === 'function' ? target.name : name;
  }
  return entity.name;
}
