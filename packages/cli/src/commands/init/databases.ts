import type { Database } from './database.js';
import { MONGODB_DATABASES } from './mongodb-databases.js';
import { SQL_DATABASES } from './sql-databases.js';

/** Every database that `flamingock init` knows. */
export const DATABASES: readonly Database[] = [...SQL_DATABASES, ...MONGODB_DATABASES];

/** What the packages of a project fit: with TypeORM and Mongoose the drivers are theirs, and not the application's. */
export function recognisedDatabases(dependencies: Readonly<Record<string, string>>): readonly Database[] {
  const found = DATABASES.filter(({ recognisedBy }) => recognisedBy.every((name) => name in dependencies));
  const replaced = new Set(found.map(({ inPlaceOf }) => inPlaceOf));
  return found.filter(({ id }) => !replaced.has(id));
}
