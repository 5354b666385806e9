import { describe, expect, test } from '@jest/globals';
import type { ChangeSourceFile } from '../../sources/change-files.js';
import type { CompilerSettings } from '../../sources/compiler-settings.js';
import type { Manifest } from '../../sources/manifest.js';
import { compiledFormFindings } from './compiled-form.js';

const MANIFEST: Manifest = {
  ...{ directory: '/', name: 'orders', version: '1.0.0', modules: 'commonjs', optionalPeers: [] },
  ...{ dependencies: { 'reflect-metadata': '*' }, peerDependencies: {}, engines: {}, scripts: {} },
};
const COMPILER: CompilerSettings = {
  ...{ file: '/tsconfig.json', legacyDecorators: true, decoratorMetadata: true, module: 'nodenext' },
  ...{ noEmit: false, outDir: '/dist', rootDir: '/src', includes: () => true },
};
const TYPED = `@Change({ id: 'a' })
export class _0001__A {
  @Apply()
  async apply(sql: SqlExecutor): Promise<void> {}
}`;

function findings(
  {
    manifest = {},
    compiler = {},
  }: { readonly manifest?: Partial<Manifest>; readonly compiler?: Partial<CompilerSettings> },
  ...texts: readonly string[]
): readonly (readonly [string, string])[] {
  const files = texts.map((text): ChangeSourceFile => ({
    ...{ path: '/src/changes/_0001__A.ts', digits: '0001', order: 1n, name: 'A', extension: '.ts' },
    text,
  }));
  return compiledFormFindings({ ...MANIFEST, ...manifest }, { ...COMPILER, ...compiler }, files).map(
    ({ check, severity }) => [check, severity],
  );
}

const decorators = (...parameters: Parameters<typeof findings>): string | undefined =>
  findings(...parameters).find(([check]) => check === 'decorators')?.[1];

describe('the format of modules', () => {
  test.each([
    ['commonjs', 'nodenext', 'ok'],
    ['commonjs', 'commonjs', 'ok'],
    ['commonjs', 'esnext', 'warning'],
    ['esm', 'commonjs', 'error'],
    ['esm', 'es2022', 'ok'],
  ] as const)('package.json: %s, compiler: %s', (modules, module, severity) => {
    expect(findings({ manifest: { modules }, compiler: { module } })[0]).toEqual(['modules', severity]);
    expect(findings({ manifest: { modules }, compiler: { module, noEmit: true } })[0]?.[1]).toBe('ok');
  });
});

describe('the metadata of decorators', () => {
  test('is there where the compiler leaves it behind', () => {
    expect(decorators({}, TYPED)).toBe('ok');
  });

  test.each([{ decoratorMetadata: false }, { legacyDecorators: false, decoratorMetadata: false }])(
    'is missing where it does not: %j',
    (compiler) => {
      expect(decorators({ compiler }, TYPED)).toBe('error');
    },
  );

  test.each([
    ['no parameter', TYPED.replace('sql: SqlExecutor', '')],
    ['parameters that are named', TYPED.replace('@Apply()', '@Apply({ inject: [SqlExecutor] })')],
    ['a function', "export default defineChange({ id: 'a', apply({ sql }) {} });"],
  ])('is not needed for %s', (_, text) => {
    expect(decorators({ compiler: { decoratorMetadata: false } }, text)).toBe('ok');
  });

  test('is needed for a constructor as well', () => {
    const text = TYPED.replace('sql: SqlExecutor', '').replace(
      '@Apply()',
      'constructor(private readonly naming: Naming) {}\n  @Apply()',
    );
    expect(decorators({ compiler: { decoratorMetadata: false } }, text)).toBe('error');
  });

  test('is lost where the project runs its sources by something that emits none', () => {
    expect(decorators({ manifest: { scripts: { dev: 'tsx watch src/main.ts' } } }, TYPED)).toBe('warning');
  });

  test('is kept by reflect-metadata, which somebody has to ask for', () => {
    expect(decorators({ manifest: { dependencies: {} } }, TYPED)).toBe('warning');
    expect(decorators({ manifest: { dependencies: { '@nestjs/core': '^12' } } }, TYPED)).toBe('ok');
  });
});
