import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineCode } from '../deployment/engine-code.js';
import type { EngineMutant } from './engine-mutants.js';

const SOURCES = join(import.meta.dirname, '../../src');

/** Loads a copy of the engine in which one line is replaced, and passes it to `use`. */
export async function withMutantEngine<T>(
  { file, line, instead }: EngineMutant,
  use: (engine: EngineCode) => Promise<T>,
): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'flamingock-mutant-'));
  try {
    cpSync(SOURCES, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
    const [before, after, ...more] = readFileSync(join(copy, file), 'utf8').split(line);
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`${file} must have this line exactly once: ${line}`);
    writeFileSync(join(copy, file), `${before}${instead}${after}`);
    return await use(await engineIn(copy));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const MODULES = [
  'dependencies/bind.ts',
  'engine/adopt.ts',
  'engine/issues.ts',
  'engine/redo.ts',
  'engine/reset.ts',
  'engine/resolve.ts',
  'engine/sequence.ts',
  'engine/start.ts',
  'engine/store-access.ts',
  'engine/undo.ts',
  'plan/assign-target.ts',
  'plan/declaration.ts',
  'report/redactor.ts',
];

async function engineIn(folder: string): Promise<EngineCode> {
  const engine: Partial<EngineCode> = {};
  // One after the other: Jest cannot link modules that share others at the same time.
  for (const module of MODULES) Object.assign(engine, await import(join(folder, module)));
  return engine as EngineCode;
}
