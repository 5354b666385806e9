/**
 * Audit store and target on a TypeORM `DataSource`.
 *
 * @packageDocumentation
 */
export { typeormAuditStore } from './typeorm-audit-store.js';
export { typeormTarget } from './typeorm-target.js';
export type { TypeormTargetOptions } from './typeorm-target.js';
export { QUERY_RUNNER, repositoryOf } from './tokens.js';
