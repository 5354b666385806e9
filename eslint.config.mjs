import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts'];

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/.nx/',
      '**/.examples/',
      '**/.reports/',
      '**/.data/',
      '**/.next/',
      '**/coverage/',
    ],
  },
  // Written as users write, and checked by their own compilers.
  { ignores: ['e2e/install/projects/', '**/next-env.d.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mjs', 'e2e/frameworks/next/**/*.js'],
    extends: [tseslint.configs.strictTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.json',
          'tsconfig.standard.json',
          'packages/next/tsconfig.json',
          'apps/storefront-next/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // NestJS modules are classes that hold nothing but a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // The compiler says it (noUnusedLocals, noUnusedParameters), and lets `_name` pass.
      '@typescript-eslint/no-unused-vars': 'off',
      // NestJS declares the options of its factory as a class, and means a plain object.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // `async` without `await` is how a method of an asynchronous port turns a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: tests,
    rules: {
      // Packages speak through the logger that the application gives them.
      'no-console': 'error',
      // Both module formats may be loaded in one process: state of a module would exist twice.
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
          message: 'No module-level state: with two module formats it would exist twice in one process.',
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    rules: {
      // Plain JavaScript has no cheap word for what `JSON.parse` and events hand over.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': ['error', { allowAny: true }],
    },
  },
  {
    files: ['tools/bench/contenders/*.mjs'],
    rules: {
      // The tools to compare with are installed on the first use of the bench: nothing here knows their types.
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: tests,
    rules: {
      // `expect(port.method)` hands a method over without calling it.
      '@typescript-eslint/unbound-method': 'off',
      // A class without members is a token.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
);
