import { basename } from 'node:path';
import type { ChangeSourceFile } from '../../sources/change-files.js';
import type { CompilerSettings } from '../../sources/compiler-settings.js';
import type { Manifest } from '../../sources/manifest.js';
import { failure, type Finding, ok, warning } from './finding.js';

/** What the build of a project makes of its changes: the format of its modules, and what is left of the types. */
export function compiledFormFindings(
  manifest: Manifest,
  compiler: CompilerSettings | undefined,
  files: readonly ChangeSourceFile[],
): readonly Finding[] {
  return [formatFinding(manifest, compiler), ...metadataFindings(manifest, compiler, files)];
}

/** Node takes a `.js` file for what the nearest `package.json` says, whatever the compiler has written into it. */
function formatFinding({ modules }: Manifest, compiler: CompilerSettings | undefined): Finding {
  const says = modules === 'esm' ? 'ES modules' : 'CommonJS';
  const module = compiler?.noEmit === false ? (compiler.module ?? '') : '';
  const file = basename(compiler?.file ?? '');
  if (modules === 'esm' && module === 'commonjs')
    return failure(
      'modules',
      `package.json says that .js files are ES modules, and ${file} lets the compiler write CommonJS.`,
      'Set "module": "nodenext" there, or take "type": "module" out of package.json.',
    );
  if (modules === 'commonjs' && /^es/.test(module))
    return warning(
      'modules',
      `package.json says that .js files are CommonJS, and ${file} lets the compiler write ES modules.`,
      'Set "module": "nodenext" there, or "type": "module" in package.json. Where a bundler has the last word, all is well.',
    );
  return ok('modules', says);
}

/** Runners that compile TypeScript without leaving the types of parameters behind. */
const WITHOUT_METADATA = /\b(?:tsx|esbuild|vite-node|--experimental-strip-types)\b/;

function metadataFindings(
  { dependencies, scripts }: Manifest,
  compiler: CompilerSettings | undefined,
  files: readonly ChangeSourceFile[],
): readonly Finding[] {
  const dependent = files.filter(({ text, extension }) => extension.endsWith('ts') && needsMetadata(text));
  const [first] = dependent;
  if (first === undefined) return [ok('decorators', 'no change depends on the metadata of decorators')];
  const which = `${basename(first.path)}${dependent.length > 1 ? ` and ${dependent.length - 1} more` : ''}`;
  const file = basename(compiler?.file ?? 'tsconfig.json');
  if (compiler?.legacyDecorators !== true || !compiler.decoratorMetadata)
    return [
      failure(
        'decorators',
        `${which} is a decorated class whose parameters are known by their types, and ${file} lets the compiler leave none behind. The command line adds them by itself; a start of the application fails.`,
        'Set "experimentalDecorators" and "emitDecoratorMetadata" to true there, name the parameters in @Apply({ inject: [...] }), or write the change as defineChange().',
      ),
    ];
  const script = Object.entries(scripts).find(([, command]) => WITHOUT_METADATA.test(command));
  if (script !== undefined)
    return [
      warning(
        'decorators',
        `The script '${script[0]}' runs TypeScript with something that leaves no types behind, and ${which} is known by them.`,
        'Run what the compiler has built, or a runner that emits decorator metadata (@swc-node/register).',
      ),
    ];
  if (!('reflect-metadata' in dependencies) && !('@nestjs/core' in dependencies))
    return [
      warning(
        'decorators',
        `The metadata that ${which} is known by is kept by reflect-metadata, which the project does not ask for.`,
        "Install reflect-metadata, and import 'reflect-metadata' before everything else.",
      ),
    ];
  return [ok('decorators', `${file} lets the compiler leave the types behind that decorated changes need`)];
}

/** A decorated class of which a method, or the constructor, has a parameter that nothing but its type tells. */
function needsMetadata(text: string): boolean {
  if (!/@Change\(/.test(text)) return false;
  return /(?:@(?:Apply|Rollback|Verify)\(\s*(?:\{(?![^}]*\binject\b)[^}]*\})?\s*\)\s*(?:public\s+)?(?:async\s+)?\w+|@Change\((?![^)]*\binject\b)[^)]*\)[^]*?\bconstructor)\(\s*[^)\s]/.test(
    text,
  );
}
