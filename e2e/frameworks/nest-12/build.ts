import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The application as it is started. */
export const BUILT = fileURLToPath(new URL('../../.data/nest-12/application.mjs', import.meta.url));

/** Compiles the application; once, because it is started often. */
export async function build(): Promise<void> {
  const source = await readFile(new URL('application.ts', import.meta.url), 'utf8');
  await mkdir(dirname(BUILT), { recursive: true });
  await writeFile(BUILT, compiled(source));
}

/** A module as a user's build compiles it, with decorator metadata. */
export function compiled(source: string): string {
  return ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    },
  }).outputText;
}
