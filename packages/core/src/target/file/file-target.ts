import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tokenKey } from '../../change/token.js';
import { type FlamingockError, throwProblems } from '../../errors.js';
import { isObject } from '../../is-object.js';
import { unknownKeys } from '../../known-keys.js';
import { CallTasks } from '../call-tasks.js';
import { identityProblems, invalidOption } from '../option-problems.js';
import type { ClientUse, ObservedAttempt, Target } from '../target.js';
import { FileEffects } from './file-effects.js';
import { rootOf } from './locate.js';
import { contentOf, TargetFiles } from './target-files.js';

/** What {@link fileTarget} takes. */
export interface FileTargetOptions {
  /**
   * An absolute path or a `file:` URL. Everything is below it, also what symbolic links in it lead to. Of a mounted volume
   * a folder inside it: where the volume is not mounted, the folder is missing and not merely empty.
   */
  readonly directory: string | URL;
  /** Which files exactly, for instance the name of the volume; recorded. Default: none, because a path is no name. */
  readonly identity?: string;
}

const WHERE = 'fileTarget()';
/** A little later the same may be possible. */
const TRANSIENT: ReadonlySet<unknown> = new Set([
  'FILE_CHANGED',
  'EBUSY',
  'EAGAIN',
  'ETXTBSY',
  'EMFILE',
  'ENFILE',
]);

/**
 * A target system of files that all instances share: a mounted volume, or the disk of the one machine. Supplies
 * {@link TargetFiles}. A change that fails has had no effect where every file holds what it held before. POSIX only.
 *
 * Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`, all problems together.
 *
 * @example
 * targets: { gateway: fileTarget({ directory: '/mnt/config/gateway', identity: 'gateway-config' }) }
 */
export function fileTarget(options: FileTargetOptions): Target {
  validate(options);
  const { identity } = options;
  const directory = pathOf(options.directory);
  const calls = new WeakMap<ClientUse, FilesOfCall>();
  const ofCall = (use: ClientUse): FilesOfCall => {
    const known = calls.get(use) ?? new FilesOfCall(directory, use);
    calls.set(use, known);
    return known;
  };
  return {
    kind: 'files',
    ...(identity === undefined ? {} : { identity }),
    clients: [],
    supplies: (token) => tokenKey(token) === TargetFiles,
    client: (_token, use) =>
      use === undefined ? new TargetFiles(directory, undefined, new FileEffects()) : ofCall(use).files,
    isTransient: (error) => isObject(error) && 'code' in error && TRANSIENT.has(error.code),
    evidence: {
      observe: (attempt, use) => (use === undefined ? unobserved(attempt) : ofCall(use).observe(attempt)),
    },
  };
}

/** The files as one call of a change has them. */
class FilesOfCall {
  readonly files: TargetFiles;
  readonly #directory: string;
  readonly #effects = new FileEffects();
  readonly #tasks = new CallTasks();

  constructor(directory: string, use: ClientUse) {
    this.#directory = directory;
    this.files = new TargetFiles(directory, use, this.#effects, this.#tasks);
  }

  async observe(attempt: () => Promise<void>): Promise<ObservedAttempt> {
    try {
      await this.#tasks.during(attempt);
      return { outcome: 'returned' };
    } catch (error) {
      const contentNow = (file: string): Promise<Buffer | undefined> =>
        rootOf(this.#directory, file).then(() => contentOf(file));
      const evidence = await this.#effects.evidence(contentNow, this.#tasks.unfinished);
      return { outcome: 'threw', error, evidence };
    }
  }
}

async function unobserved(attempt: () => Promise<void>): Promise<ObservedAttempt> {
  try {
    await attempt();
    return { outcome: 'returned' };
  } catch (error) {
    return { outcome: 'threw', error, evidence: { proof: 'none', settled: true } };
  }
}

function pathOf(directory: string | URL): string {
  return directory instanceof URL || directory.startsWith('file:') ? fileURLToPath(directory) : directory;
}

function validate(options: FileTargetOptions): void {
  throwProblems([
    ...unknownKeys(options, ['directory', 'identity'], WHERE),
    ...identityProblems(options.identity, WHERE),
    ...directoryProblems(options.directory),
  ]);
}

function directoryProblems(directory: unknown): FlamingockError[] {
  const isUrl = directory instanceof URL || (typeof directory === 'string' && directory.startsWith('file:'));
  const isPath = isUrl
    ? new URL(directory).protocol === 'file:'
    : typeof directory === 'string' && isAbsolute(directory);
  if (isPath) return [];
  return [
    invalidOption(
      WHERE,
      'directory',
      'must be an absolute path or a file: URL',
      'A relative one depends on where the process was started: pass join(import.meta.dirname, …), or the path of the mount.',
    ),
  ];
}
