// Installed on the first use of the bench alone: whoever checks the repository has no types of them.
declare module 'drizzle-orm/node-postgres';
declare module 'drizzle-orm/node-postgres/migrator';
declare module 'knex';
declare module 'kysely';
declare module 'migrate-mongo';
declare module 'node-pg-migrate';
declare module 'sequelize';
declare module 'ts-migrate-mongoose';
declare module 'umzug';
