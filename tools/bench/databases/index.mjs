import { MariadbBench } from './mariadb.mjs';
import { MongodbBench } from './mongodb.mjs';
import { PostgresBench } from './postgres.mjs';

/** What `startup` and `apply` measure on, by the name that `--database` takes. */
export const SERVERS = { postgres: PostgresBench, mariadb: MariadbBench, mongodb: MongodbBench };
