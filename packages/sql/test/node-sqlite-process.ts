import { nodeSqliteCases } from './node-sqlite-cases.js';

/** Runs every case, and says of each on a line of its own whether it passed, or why not. */
for (const { name, run } of nodeSqliteCases) {
  const failure = await run().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.stack : String(error)),
  );
  console.log(JSON.stringify({ name, failure }));
}
