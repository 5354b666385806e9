import type { DatabaseSystem } from './database.js';
import { MARIADB } from './mariadb.js';
import { MONGODB } from './mongodb.js';
import { POSTGRES } from './postgres.js';

/** Those that several processes can use by way of a network: what holds on one is tried on each. */
export const DATABASE_SYSTEMS: readonly DatabaseSystem[] = [POSTGRES, MARIADB, MONGODB];
