import { expect } from '@jest/globals';
import { problemsOf } from './schemas.js';
import type { Starter, StarterFiles } from './starter.js';
import {
  expressCommonJs,
  fastifyTypescript,
  nestCommonJs,
  nestEsm,
  nextTypescript,
  plainEsm,
} from './starters.js';

/** Checks the types of a project, as its own `tsconfig.json` has it. */
export const COMPILER = ['node_modules/typescript/bin/tsc', '--noEmit'];

/** What is expected of a starter: the framework, the files, and a sign of the style. */
export type Case = readonly [
  name: string,
  starter: (extra: Readonly<Record<string, string>>) => StarterFiles,
  found: Readonly<Record<string, unknown>>,
  files: readonly string[],
  style: RegExp,
];

export const CASES: readonly Case[] = [
  [
    'NestJS 11, CommonJS',
    nestCommonJs,
    { framework: 'nestjs', modules: 'commonjs', typescript: true, style: 'decorated' },
    // In TypeScript it would become a part of the build, and move its output into a subfolder.
    ['flamingock.config.mjs', 'src/changes/_0001__CreateExample.ts'],
    /^@Change\({ id: 'add-totals' }\)$[^]*async apply\(manager: EntityManager\)/m,
  ],
  [
    'NestJS 12, ES modules',
    nestEsm,
    { framework: 'nestjs', modules: 'esm', typescript: true, style: 'decorated' },
    ['flamingock.config.ts', 'src/changes/_0001__CreateExample.ts'],
    /^@Change\({ id: 'add-totals' }\)$[^]*async apply\(manager: EntityManager\)/m,
  ],
  [
    'Express, CommonJS',
    expressCommonJs,
    { framework: 'express', modules: 'commonjs', typescript: false, style: 'function' },
    ['flamingock.config.cjs', 'changes/_0001__CreateExample.js'],
    /require\('@flamingock\/core'\);[^]*^module\.exports = defineChange\(/m,
  ],
  [
    'Fastify, TypeScript',
    fastifyTypescript,
    { framework: 'fastify', modules: 'esm', typescript: true, style: 'function' },
    ['flamingock.config.ts', 'src/changes/_0001__CreateExample.ts'],
    /^export default defineChange\(/m,
  ],
  [
    'Next.js',
    nextTypescript,
    { framework: 'next', modules: 'commonjs', typescript: true, style: 'function' },
    ['flamingock.config.ts', 'src/changes/_0001__CreateExample.ts'],
    /name: '_0002__AddTotals',/,
  ],
  [
    'no framework, ES modules',
    plainEsm,
    { framework: 'none', modules: 'esm', typescript: false, style: 'function' },
    ['flamingock.config.mjs', 'changes/_0001__CreateExample.js'],
    /^import { defineChange, NotApplied } from '@flamingock\/core';$/m,
  ],
];

/** What a person writes into the second change, by the client that it asks for. */
const STATEMENTS: Readonly<Record<string, string>> = {
  sql: "await sql.execute('CREATE TABLE totals (id integer)');",
  manager: "await manager.query('CREATE TABLE totals (id integer)');",
  db: "await db.collection('totals').insertOne({ total: 1 });",
  connection: "await connection.collection('totals').insertOne({ total: 1 });",
};

/** What a person does next: look, apply, write another change, apply that. */
export async function worksFromHereOn(
  starter: Starter,
  database: string,
  [, , found, files, style]: Case,
): Promise<void> {
  const { commandLine } = starter;
  const answer = await commandLine.json('init');
  expect(problemsOf('init', answer)).toBeUndefined();
  expect(answer).toMatchObject({
    ok: true,
    dryRun: false,
    found: {
      ...found,
      database: expect.stringContaining(database),
      service: 'orders',
      targetSystem: 'orders-db',
    },
    files: files.map((path) => ({ path })),
  });

  expect(await commandLine.json('plan', '-e', 'local')).toMatchObject({
    ok: true,
    steps: [{ id: 'create-example', intention: 'apply', targetSystem: 'orders-db' }],
  });
  expect(await commandLine.run('apply', '-e', 'local')).toMatchObject({
    code: 0,
    stdout: 'applied _0001__CreateExample\n',
  });

  const written = await commandLine.json('new', 'AddTotals');
  expect(problemsOf('new', written)).toBeUndefined();
  const path = String(written['path']);
  expect(path.replace('_0002__AddTotals', '_0001__CreateExample')).toBe(files[1]);
  expect(await starter.read(path)).toMatch(style);
  const unwritten = await commandLine.run('apply', '-e', 'local');
  expect(unwritten.code).toBe(5);
  expect(unwritten.stderr).toContain('_0002__AddTotals is not written yet');
  // Nothing remains of it, so the next run tries again.
  expect(await commandLine.json('status', '-e', 'local')).toMatchObject({
    counts: { applied: 1, pending: 1, blocked: 0 },
  });

  const client = String(/(?<!-)\b(sql|manager|db|connection)\b/.exec(await starter.read(path))?.[1]);
  await starter.edit(path, /throw new NotApplied\(.*\);/, String(STATEMENTS[client]));
  await starter.edit(path, ', NotApplied', '');
  expect(await commandLine.run('apply', '-e', 'local')).toMatchObject({
    code: 0,
    stdout: 'applied _0002__AddTotals\n',
  });
  expect(await commandLine.run('doctor', '-e', 'local')).toMatchObject({ code: 0 });
}
