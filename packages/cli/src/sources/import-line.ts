/** What brings names of a module in: an import, or a `require`. A single text is its default export. */
export function importLine(
  names: readonly string[] | string,
  module: string,
  modules: 'esm' | 'commonjs',
): string {
  const imported = typeof names === 'string' ? names : `{ ${names.join(', ')} }`;
  return modules === 'esm'
    ? `import ${imported} from '${module}';`
    : `const ${imported} = require('${module}');`;
}
