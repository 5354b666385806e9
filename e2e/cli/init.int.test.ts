import { readdir } from 'node:fs/promises';
import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { type Mariadb, mariadb, startMariadb } from '../../tools/services/mariadb.mjs';
import { postgres, startPostgres, type Postgres } from '../../tools/services/postgres.mjs';
import { ENTER, DOWN } from './command-line.js';
import { CASES, COMPILER, worksFromHereOn } from './init-cases.js';
import { Starter } from './starter.js';
import { expressCommonJs, nestEsm, PACKAGES, plainEsm } from './starters.js';

const LONG = 120_000;

let starter: Starter;
afterEach(() => starter.close());

describe('init, then plan, apply and new, on SQLite', () => {
  test.each(CASES)(
    '%s',
    async (...parameters) => {
      const [, files, found] = parameters;
      starter = await Starter.open(files(PACKAGES.sqlite));
      await worksFromHereOn(starter, 'sqlite', parameters);
      if (found['typescript'] === true) await starter.node(...COMPILER);
    },
    LONG,
  );
});

const describeWithPostgres = await describeWith(postgres);
describeWithPostgres('init, then plan, apply and new, on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  // Each way to write a configuration, and each driver.
  test.each(CASES.filter(([name]) => /12|Express|Fastify/.test(name)))(
    '%s',
    async (...parameters) => {
      starter = await Starter.open(parameters[1](PACKAGES.postgres), server);
      await worksFromHereOn(starter, 'postgres', parameters);
    },
    LONG,
  );
});

const describeWithMariadb = await describeWith(mariadb);
describeWithMariadb('init, then plan, apply and new, on MariaDB', () => {
  let server: Mariadb;
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());

  test.each(CASES.filter(([name]) => /Express|Fastify/.test(name)))(
    '%s',
    async (...parameters) => {
      starter = await Starter.open(parameters[1](PACKAGES.mysql), server);
      await worksFromHereOn(starter, 'mysql', parameters);
      if (parameters[2]['typescript'] === true) await starter.node(...COMPILER);
    },
    LONG,
  );
});

describe('the lines for the application', () => {
  /** What comes before the blank line is imported; the rest stands where the application is made. */
  async function linesOf(
    ...parameters: readonly string[]
  ): Promise<{ imports: string; rest: string; more: string }> {
    const { application } = (await starter.commandLine.json('init', ...parameters)) as {
      readonly application: readonly { readonly lines: string }[];
    };
    const [first = { lines: '' }, second = { lines: '' }] = application;
    const [imports = '', ...rest] = first.lines.split('\n\n');
    return { imports, rest: rest.join('\n\n'), more: second.lines };
  }

  async function isApplied(): Promise<void> {
    expect(await starter.commandLine.json('status', '-e', 'local')).toMatchObject({ counts: { applied: 1 } });
  }

  test(
    'of no framework run',
    async () => {
      starter = await Starter.open(plainEsm(PACKAGES.sqlite));
      const { imports, rest } = await linesOf();
      await starter.write('main.js', `${imports}\n${rest}\nawait flamingock.close();\n`);
      await starter.node('main.js');
      await isApplied();
    },
    LONG,
  );

  test(
    'of Express run',
    async () => {
      starter = await Starter.open(expressCommonJs(PACKAGES.sqlite));
      const { imports, rest, more } = await linesOf();
      await starter.write(
        'main.js',
        `const express = require('express');\n${imports}\nasync function main() {\n  const port = 0;\n  const app = express();\n${rest}\n${more}\n  process.kill(process.pid, 'SIGTERM');\n}\nvoid main();\n`,
      );
      await expect(starter.node('main.js')).rejects.toThrow('node main.js failed:\n');
      await isApplied();
    },
    LONG,
  );

  test(
    'of Fastify run',
    async () => {
      starter = await Starter.open({
        manifest: { name: 'orders', type: 'module', dependencies: { fastify: '^5.0.0', ...PACKAGES.sqlite } },
      });
      const { imports, rest } = await linesOf();
      await starter.write(
        'main.js',
        `import Fastify from 'fastify';\n${imports}\nconst app = Fastify({ pluginTimeout: 0 });\n${rest}\nawait app.close();\n`,
      );
      await starter.node('main.js');
      await isApplied();
    },
    LONG,
  );

  test(
    'of NestJS run, with what TypeORM has opened',
    async () => {
      starter = await Starter.open(nestEsm(PACKAGES.sqlite));
      const { imports, rest } = await linesOf();
      await starter.write(
        'src/main.ts',
        `import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
${imports}
@Module({ imports: [
  TypeOrmModule.forRoot({ type: 'better-sqlite3', database: process.env.DATABASE_FILE! }),
${rest}
] })
class AppModule {}
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
await app.close();
`,
      );
      await starter.node('--import', '@swc-node/register/esm-register', 'src/main.ts');
      await isApplied();
    },
    LONG,
  );
});

test(
  'the commands that are printed last run as they are, once the address is filled in',
  async () => {
    starter = await Starter.open(plainEsm(PACKAGES.sqlite));
    const { next } = (await starter.commandLine.json('init')) as { readonly next: readonly string[] };
    const script = next.join('\n').replace('<path of the file>', starter.sandbox.path('orders.db'));
    expect(script).not.toContain('<');
    await starter.shell(script);
    expect(await starter.commandLine.json('status', '-e', 'local')).toMatchObject({ counts: { applied: 1 } });
  },
  LONG,
);

describe('init', () => {
  test(
    'shows what it would write, and writes nothing',
    async () => {
      starter = await Starter.open(plainEsm(PACKAGES.postgres));
      const before = await readdir(starter.path());
      const { code, stdout } = await starter.commandLine.run('init', '--dry-run');
      expect(code).toBe(0);
      expect(stdout).toMatch(/would write flamingock\.config\.mjs\n {2}import { defineConfig }/);
      expect(stdout).toContain("staging: { secrets: { database: 'STAGING_DATABASE_URL' } },");
      expect(await readdir(starter.path())).toEqual(before);
    },
    LONG,
  );

  test(
    'never overwrites, whatever the configuration is written in, and names the file',
    async () => {
      starter = await Starter.open({
        ...plainEsm(PACKAGES.postgres),
        files: { 'flamingock.config.js': 'mine' },
      });
      for (const parameters of [['init'], ['init', '--dry-run']])
        expect(await starter.commandLine.run(...parameters)).toMatchObject({
          code: 2,
          stdout: '',
          stderr: expect.stringMatching(/FLG_FILE_NOT_WRITTEN: flamingock\.config\.js exists already/),
        });
      expect(await starter.read('flamingock.config.js')).toBe('mine');
      expect(await readdir(starter.path())).toHaveLength(3);
    },
    LONG,
  );

  test(
    'leaves changes alone that are there',
    async () => {
      starter = await Starter.open({
        ...plainEsm(PACKAGES.sqlite),
        files: { 'changes/_1__Old.js': 'export default 1;' },
      });
      expect(await starter.commandLine.json('init')).toMatchObject({
        files: [{ path: 'flamingock.config.mjs' }],
      });
      expect(await readdir(starter.path('changes'))).toEqual(['_1__Old.js']);
    },
    LONG,
  );

  test(
    'asks only for what the project does not tell',
    async () => {
      starter = await Starter.open(plainEsm({}));
      const { code, screen } = await starter.commandLine.terminal(
        ['init'],
        [{ expect: 'Which database is it', send: `${DOWN}${DOWN}${DOWN}${ENTER}` }],
      );
      expect(code).toBe(0);
      expect(screen).not.toContain('Which framework');
      expect(await starter.read('flamingock.config.mjs')).toContain("import pg from 'pg';");
    },
    LONG,
  );

  test(
    'without a terminal asks nothing, and names the flag',
    async () => {
      starter = await Starter.open(plainEsm({ fastify: '5', express: '5' }));
      const framework = await starter.commandLine.run('init');
      expect(framework).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Add --framework fastify | express.'),
      });
      const database = await starter.commandLine.run('init', '--framework', 'express');
      expect(database).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Add --database typeorm-postgres |'),
      });
      expect(await starter.commandLine.run('init', '--framework', 'expres')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Did you mean 'express'?"),
      });
      expect(
        await starter.commandLine.run(
          'init',
          '--framework',
          'none',
          '--database',
          'sqlite',
          '--folder',
          '../outside',
        ),
      ).toMatchObject({ code: 2, stderr: expect.stringContaining('../outside is not in the project') });
      expect(await readdir(starter.path())).toHaveLength(2);
    },
    LONG,
  );

  test.each([
    ['pnpm-lock.yaml', 'pnpm add @flamingock/core @flamingock/sql', 'pnpm exec flamingock doctor -e local'],
    ['yarn.lock', 'yarn add @flamingock/core @flamingock/sql', 'yarn exec flamingock -- doctor -e local'],
    ['package-lock.json', 'npm i @flamingock/core @flamingock/sql', 'npx flamingock doctor -e local'],
  ])(
    'says how to install by the lock file: %s',
    async (lock, install, doctor) => {
      starter = await Starter.open({ ...plainEsm(PACKAGES.postgres), files: { [lock]: '' } });
      expect(await starter.commandLine.json('init')).toMatchObject({
        install: [install, expect.stringContaining('@flamingock/cli')],
        next: expect.arrayContaining([doctor]),
      });
    },
    LONG,
  );
});
