import type { ChangeSourceFile } from './change-files.js';

/** What a change acts on its target system with. */
export interface ChangeClient {
  /** What its methods call it. */
  readonly parameter: string;
  /** The class, which is its token as well: by its name, or as `mongoose.Connection` behind the default export. */
  readonly type: string;
  /** The module that has it; always a package, so that it can be imported from anywhere. */
  readonly module: string;
}

export const SQL_EXECUTOR: ChangeClient = {
  parameter: 'sql',
  type: 'SqlExecutor',
  module: '@flamingock/sql',
};
export const ENTITY_MANAGER: ChangeClient = {
  parameter: 'manager',
  type: 'EntityManager',
  module: 'typeorm',
};
export const MONGODB_DB: ChangeClient = { parameter: 'db', type: 'Db', module: 'mongodb' };
/** Node finds no names in what Mongoose exports but its default. */
export const MONGOOSE_CONNECTION: ChangeClient = {
  parameter: 'connection',
  type: 'mongoose.Connection',
  module: 'mongoose',
};
const HTTP_CLIENT: ChangeClient = { parameter: 'http', type: 'HttpClient', module: '@flamingock/core' };

/** The client that an existing change asks for first; `undefined` where that cannot be read, or comes with the project. */
export function clientOf({ text }: ChangeSourceFile): ChangeClient | undefined {
  const [, parameter, type] =
    /\binject:\s*\{\s*(\w+):\s*([\w.]+)\s*[,}]/.exec(text) ??
    /@Apply\([^)]*\)\s*(?:public\s+)?(?:async\s+)?\w+\(\s*(\w+):\s*([\w.]+)\s*[,)]/.exec(text) ??
    [];
  if (parameter === undefined || type === undefined || type === 'ChangeContext') return undefined;
  const module = moduleOf(text, type);
  return module === undefined || module.startsWith('.') ? undefined : { parameter, type, module };
}

/** The client that a target of some kind supplies; `undefined`: it is not known here. */
export function clientOfKind(
  kind: string,
  dependencies: Readonly<Record<string, string>>,
): ChangeClient | undefined {
  if (kind === 'http') return HTTP_CLIENT;
  if (kind === 'generic') return undefined;
  if (kind.startsWith('mongodb')) return 'mongoose' in dependencies ? MONGOOSE_CONNECTION : MONGODB_DB;
  return '@flamingock/typeorm' in dependencies && 'typeorm' in dependencies
    ? ENTITY_MANAGER
    : '@flamingock/sql' in dependencies
      ? SQL_EXECUTOR
      : undefined;
}

/** What a change that asks for a client imports: the class, or as one text what stands for the whole module. */
export function importedFor({ type }: ChangeClient): readonly string[] | string {
  const [whole = type, ...members] = type.split('.');
  return members.length === 0 ? [type] : whole;
}

function moduleOf(text: string, type: string): string | undefined {
  const [name = type, ...members] = type.split('.');
  if (members.length > 0) {
    const whole = new RegExp(
      `(?:import|const)\\s+(?:\\*\\s+as\\s+)?${name}\\s*(?:from|=\\s*require\\()\\s*['"]([^'"]+)['"]`,
    );
    return whole.exec(text)?.[1];
  }
  for (const [, names, module] of text.matchAll(
    /(?:import|const)\s*(?:type\s*)?\{([^}]*)\}\s*(?:from|=\s*require\()\s*['"]([^'"]+)['"]/g,
  ))
    if (new RegExp(`(?:^|[\\s,])${name}\\s*(?:,|$)`).test(names ?? '')) return module;
  return undefined;
}
