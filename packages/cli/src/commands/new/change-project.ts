import { relative, resolve } from 'node:path';
import { findConfig } from '../../config/find-config.js';
import { moduleLoader } from '../../config/module-loader.js';
import type { ProjectRequest } from '../../config/project.js';
import { type ReadConfig, readConfig } from '../../config/read-config.js';
import { usage } from '../../frame/usage.js';
import { below, configuredChangeFolder, usualChangeFolder } from '../../sources/change-folder.js';
import { type ChangeStyle, firstStyle } from '../../sources/change-style.js';
import { compilerSettings } from '../../sources/compiler-settings.js';
import { type Manifest, nearestManifest } from '../../sources/manifest.js';
import { usualForm } from '../../sources/usual-form.js';

/** The project that gets another change. */
export interface ChangeProject {
  /** Where its changes stand, in subfolders too. Absolute. */
  readonly folder: string;
  /** The configuration lists its changes one by one. */
  readonly listed: boolean;
  /** `undefined` where it is not needed: everything was said. */
  readonly config: ReadConfig | undefined;
  readonly manifest: Manifest | undefined;
}

/** Finds where the changes of a project stand. Throws `FLG_USAGE`, and what reading the configuration throws. */
export async function changeProject(
  request: ProjectRequest,
  { folder, target }: { readonly folder?: string; readonly target?: string },
): Promise<ChangeProject> {
  const { directory } = request;
  const manifest = nearestManifest(directory);
  const saysAll = folder !== undefined && target !== undefined;
  const config = await configOf(request).catch((error: unknown) => {
    // With both said, a configuration that is broken at the moment is no reason not to write a file.
    if (saysAll) return undefined;
    throw error;
  });
  const project = manifest?.directory ?? directory;
  const configured = config === undefined ? undefined : await configuredChangeFolder(config, project);
  const named = folder === undefined ? undefined : resolve(directory, folder);
  const found = configured ?? named ?? usualChangeFolder(project);
  if (found === undefined)
    throw usage(
      'It is not said where the changes stand: the configuration names no directory.',
      'Add --folder <path>.',
    );
  if (configured !== undefined && named !== undefined && below(configured, named) === undefined)
    throw usage(
      `${relative(directory, named)} is not below ${relative(directory, configured)}, where the changes are looked for.`,
      'Name a folder below it, or leave --folder out.',
    );
  return { folder: found, listed: Array.isArray(config?.changes), config, manifest };
}

/** How the first change of a project is written. */
export async function usualStyle({ manifest, folder }: ChangeProject): Promise<ChangeStyle> {
  const directory = manifest?.directory ?? folder;
  return firstStyle(usualForm(manifest, await compilerSettings(directory)));
}

async function configOf(request: ProjectRequest): Promise<ReadConfig | undefined> {
  if (request.app !== undefined) return undefined;
  const file = findConfig(request.directory, request.config);
  return readConfig(file, await moduleLoader(file));
}
