import type { StarterFiles } from './starter.js';

/** What a database adds to a starter's packages. */
export const PACKAGES = {
  sqlite: { 'better-sqlite3': '^12.0.0' },
  postgres: { pg: '^8.0.0' },
  mysql: { mysql2: '^3.0.0' },
  mongodb: { mongodb: '^7.0.0' },
  mongoose: { mongoose: '^9.0.0' },
} as const;

type Extra = Readonly<Record<string, string>>;

const NEST_COMPILER = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  resolvePackageJsonExports: true,
  esModuleInterop: true,
  isolatedModules: true,
  declaration: true,
  removeComments: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  allowSyntheticDefaultImports: true,
  target: 'ES2023',
  sourceMap: true,
  outDir: './dist',
  incremental: true,
  skipLibCheck: true,
};

/** As `nest new` of NestJS 11 leaves it: CommonJS, and a build that takes every file but the tests. */
export function nestCommonJs(extra: Extra): StarterFiles {
  return {
    manifest: {
      name: '@shop/orders',
      dependencies: { '@nestjs/common': '^11.0.1', '@nestjs/core': '^11.0.1', typeorm: '^1.1.1', ...extra },
      devDependencies: { typescript: '^5.7.3' },
    },
    files: {
      'tsconfig.json': JSON.stringify({ compilerOptions: NEST_COMPILER }),
      'tsconfig.build.json': JSON.stringify({
        extends: './tsconfig.json',
        exclude: ['node_modules', 'test', 'dist', '**/*spec.ts'],
      }),
      'src/app.module.ts': '',
    },
  };
}

/** As `nest new` of NestJS 12 leaves it: ES modules, and a build of `src`. */
export function nestEsm(extra: Extra): StarterFiles {
  return {
    manifest: {
      name: 'orders',
      type: 'module',
      dependencies: { '@nestjs/common': '^12.0.0', '@nestjs/core': '^12.0.0', typeorm: '^1.1.1', ...extra },
      devDependencies: { typescript: '^6.0.0' },
    },
    files: {
      'tsconfig.json': `{
  // comments are allowed here
  "compilerOptions": ${JSON.stringify({ ...NEST_COMPILER, types: ['node'] })},
}`,
      'tsconfig.build.json': JSON.stringify({ extends: './tsconfig.json', include: ['src'] }),
      'src/app.module.ts': '',
    },
  };
}

/** As `npm init` and `npm install express` leave it. */
export function expressCommonJs(extra: Extra): StarterFiles {
  return { manifest: { name: 'orders', main: 'index.js', dependencies: { express: '^5.0.0', ...extra } } };
}

/** As `fastify generate --lang=ts --esm` leaves it, as far as it matters. */
export function fastifyTypescript(extra: Extra): StarterFiles {
  return {
    manifest: {
      name: 'orders',
      type: 'module',
      dependencies: { fastify: '^5.0.0', ...extra },
      devDependencies: { typescript: '^5.8.2' },
    },
    files: {
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2023',
          strict: true,
          outDir: 'dist',
          rootDir: 'src',
          sourceMap: true,
          types: ['node'],
        },
        include: ['src/**/*.ts'],
      }),
      'src/app.ts': 'export {};\n',
    },
  };
}

/** As `create-next-app` leaves it, with a `src` folder. */
export function nextTypescript(extra: Extra): StarterFiles {
  return {
    manifest: {
      name: 'orders',
      dependencies: { next: '16.0.0', react: '19.2.0', 'react-dom': '19.2.0', ...extra },
      devDependencies: { typescript: '^5' },
    },
    files: {
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'ES2017',
          lib: ['dom', 'dom.iterable', 'esnext'],
          allowJs: true,
          skipLibCheck: true,
          strict: true,
          noEmit: true,
          esModuleInterop: true,
          module: 'esnext',
          moduleResolution: 'bundler',
          resolveJsonModule: true,
          isolatedModules: true,
          jsx: 'react-jsx',
          types: ['node'],
        },
        include: ['**/*.ts', '**/*.tsx'],
        exclude: ['node_modules'],
      }),
      'src/app/page.tsx': 'export default function Page() { return null; }\n',
    },
  };
}

/** ES modules, and nothing else. */
export function plainEsm(extra: Extra): StarterFiles {
  return { manifest: { name: 'orders', type: 'module', dependencies: { ...extra } } };
}
