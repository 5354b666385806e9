import type { FirstStyle } from './change-style.js';
import type { CompilerSettings } from './compiler-settings.js';
import type { Manifest } from './manifest.js';

/**
 * How changes are written in a project, by what it is made of: decorated where its compiler leaves the types of
 * parameters behind, and otherwise as functions.
 */
export function usualForm(
  manifest: Manifest | undefined,
  compiler: CompilerSettings | undefined,
): FirstStyle {
  const dependencies = manifest?.dependencies ?? {};
  const typescript = compiler !== undefined || 'typescript' in dependencies;
  const next = 'next' in dependencies;
  const decorated = compiler?.legacyDecorators === true && compiler.decoratorMetadata && !next;
  const modules = typescript ? 'esm' : (manifest?.modules ?? 'commonjs');
  return {
    form: decorated ? 'decorated' : 'function',
    extension: typescript ? '.ts' : '.js',
    modules,
    // A bundle has no directory of changes, so they are listed, and a listed one says its own name.
    named: next,
  };
}
