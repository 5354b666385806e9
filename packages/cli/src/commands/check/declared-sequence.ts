import { dirname, join, resolve } from 'node:path';
import type { ChangeSource, FlamingockOptions } from '@flamingock/core';
import { discover, type Discovery, Redactor } from '@flamingock/core/desk';
import { findConfig } from '../../config/find-config.js';
import { moduleLoader } from '../../config/module-loader.js';
import { readConfig } from '../../config/read-config.js';
import type { Invocation } from '../../frame/frame.js';

/** What says where the sequence is declared. */
export interface SequenceOptions {
  readonly changes?: string;
  readonly lockFile?: string;
}

/** A declared sequence, for which no store and no client is made. */
export interface DeclaredSequence {
  /** `undefined` where nothing says it. */
  readonly service: string | undefined;
  /** The absolute path of `changes.lock`. */
  readonly lockFile: string;
  readonly outOfOrder: boolean;
  readonly source: ChangeSource;
  /** The target systems of an environment; `undefined` where none was named. */
  readonly made: MadeTargets | undefined;
  /** Reads the changes as they are now. */
  readonly discover: () => Promise<Discovery>;
}

/** Target systems that were made and not asked for anything. */
type MadeTargets = Pick<FlamingockOptions, 'targets'> & { readonly environment: string };

export const LOCK_FILE = 'changes.lock';

/**
 * Where the sequence is declared: the directory that is named, what the configuration says, or, where that leaves it to
 * the application, what the application is made of; only then the application is built. Where an environment is named, its
 * target systems are made, too.
 *
 * Throws `FLG_CONFIG_MISSING`, `FLG_CONFIG_INVALID`, `FLG_APPLICATION_INVALID`, `FLG_USAGE`.
 */
export async function declaredSequence(invocation: Invocation<SequenceOptions>): Promise<DeclaredSequence> {
  const { options, request } = invocation;
  const { directory, config: named, app } = request;
  const config = app === undefined && !standsAlone(options, named) ? await configOf(invocation) : undefined;
  const folder = config === undefined ? directory : dirname(config.file);
  const lockFile =
    options.lockFile === undefined
      ? resolve(folder, config?.changesLock ?? LOCK_FILE)
      : resolve(directory, options.lockFile);
  const made = request.environment === undefined ? undefined : await madeTargets(invocation);
  const common = { lockFile, made, service: config?.service, outOfOrder: config?.outOfOrder === 'allow' };
  if (options.changes !== undefined) {
    const changes = resolve(directory, options.changes);
    const loader = await moduleLoader(join(changes, 'index.ts'));
    return read({ ...common, source: { directory: changes, load: (file) => loader.load(file) } });
  }
  if (config?.changes !== undefined) return read({ ...common, source: config.changes });
  const { options: engine } = await invocation.engine();
  const { service, outOfOrder, changes } = engine;
  return read({
    ...common,
    made: await madeTargets(invocation),
    service,
    outOfOrder: outOfOrder === 'allow',
    source: changes,
  });
}

/** With both paths named, nothing is left that a configuration would have to say. */
function standsAlone({ changes, lockFile }: SequenceOptions, config: string | undefined): boolean {
  return config === undefined && changes !== undefined && lockFile !== undefined;
}

async function configOf({ request }: Invocation<SequenceOptions>): ReturnType<typeof readConfig> {
  const file = findConfig(request.directory, request.config);
  return readConfig(file, await moduleLoader(file));
}

async function madeTargets({ engine }: Invocation<SequenceOptions>): Promise<MadeTargets> {
  const { targets, environment = '' } = (await engine()).options;
  return { targets, environment };
}

function read(sequence: Omit<DeclaredSequence, 'discover'>): DeclaredSequence {
  const redactor = new Redactor([]);
  return { ...sequence, discover: () => discover(sequence.source, (text) => redactor.redact(text)) };
}
