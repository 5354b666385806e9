import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../../tools/services/describe-with.mjs';
import { type Mongodb, mongodb, startMongodb } from '../../tools/services/mongodb.mjs';
import { CASES, COMPILER, worksFromHereOn } from './init-cases.js';
import { Starter } from './starter.js';
import { nestEsm, PACKAGES, plainEsm } from './starters.js';

const LONG = 120_000;

let starter: Starter;
afterEach(() => starter.close());

const describeWithMongodb = await describeWith(mongodb);
describeWithMongodb('init on MongoDB', () => {
  let server: Mongodb;
  beforeAll(async () => {
    server = await startMongodb();
  });
  afterAll(() => server.stop());

  test.each(CASES.filter(([name]) => name.includes('Fastify')))(
    'then plan, apply and new, with the driver: %s',
    async (...parameters) => {
      starter = await Starter.open(parameters[1](PACKAGES.mongodb), server);
      await worksFromHereOn(starter, 'mongodb', parameters);
      await starter.node(...COMPILER);
    },
    LONG,
  );

  test.each(CASES.filter(([name]) => /12|Express/.test(name)))(
    'then plan, apply and new, with Mongoose: %s',
    async (name, files, found, written, style) => {
      starter = await Starter.open(files(PACKAGES.mongoose), server);
      const asks = name.includes('Nest') ? /apply\(connection: mongoose\.Connection\)/ : style;
      await worksFromHereOn(starter, 'mongoose', [name, files, found, written, asks]);
    },
    LONG,
  );

  /** The first change is applied by what was printed for the application. */
  async function applies(make: (lines: string) => Readonly<Record<string, string>>): Promise<void> {
    const { application } = (await starter.commandLine.json('init')) as {
      readonly application: readonly { readonly lines: string }[];
    };
    const files = make(String(application.at(-1)?.lines));
    for (const [path, text] of Object.entries(files)) await starter.write(path, text);
    const [main = ''] = Object.keys(files);
    if (main.endsWith('.ts')) await starter.node(...COMPILER);
    await starter.node(
      ...(main.endsWith('.ts') ? ['--import', '@swc-node/register/esm-register'] : []),
      ...(main === '' ? [] : [main]),
    );
    expect(await starter.commandLine.json('status', '-e', 'local')).toMatchObject({ counts: { applied: 1 } });
  }

  test.each([
    ['with the driver', PACKAGES.mongodb, 'await database.client.close();'],
    ['with Mongoose', PACKAGES.mongoose, 'await mongoose.disconnect();'],
  ])(
    'the lines for an application run: %s',
    async (_name, packages, close) => {
      starter = await Starter.open(plainEsm(packages), server);
      await applies((lines) => ({ 'main.js': `${lines}\nawait flamingock.close();\n${close}\n` }));
    },
    LONG,
  );

  const inNest = (own: string) => (lines: string) => {
    const [imports = '', ...rest] = lines.split('\n\n');
    return {
      'src/main.ts': `import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
${own === '' ? '' : "import { MongooseModule } from '@nestjs/mongoose';"}
${imports}
@Module({ imports: [
${own}
${rest.join('\n\n')}
] })
class AppModule {}
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
await app.close();
process.exit();
`,
    };
  };

  test.each([
    ['with the driver, in its own factory', PACKAGES.mongodb, ''],
    [
      'with the connection of MongooseModule',
      { ...PACKAGES.mongoose, '@nestjs/mongoose': '^12.0.0' },
      "  MongooseModule.forRoot(process.env.MONGODB_URL ?? ''),",
    ],
  ])(
    'the lines for NestJS are sound and run: %s',
    async (_name, packages, own) => {
      starter = await Starter.open(nestEsm(packages), server);
      await applies(inNest(own));
    },
    LONG,
  );
});
