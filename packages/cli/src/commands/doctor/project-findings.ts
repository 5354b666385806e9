import type { ReadConfig } from '../../config/read-config.js';
import { changeFiles } from '../../sources/change-files.js';
import { configuredChangeFolder, usualChangeFolder } from '../../sources/change-folder.js';
import { compilerSettings } from '../../sources/compiler-settings.js';
import { nearestManifest } from '../../sources/manifest.js';
import { packageManagerOf } from '../../sources/package-manager.js';
import { compiledFormFindings } from './compiled-form.js';
import { type Finding, unknown } from './finding.js';
import { versionFindings } from './versions.js';

/**
 * What the files of a project tell, without running anything of it.
 *
 * @param directory where the configuration stands
 */
export async function projectFindings(
  directory: string,
  config: ReadConfig | undefined,
): Promise<readonly Finding[]> {
  const manifest = nearestManifest(directory);
  if (manifest === undefined)
    return [unknown('packages', 'there is no package.json here or in a folder above')];
  const configured =
    config === undefined ? undefined : await configuredChangeFolder(config, manifest.directory);
  const folder = configured ?? usualChangeFolder(manifest.directory);
  return [
    ...versionFindings(manifest, await packageManagerOf(manifest.directory)),
    ...compiledFormFindings(
      manifest,
      await compilerSettings(manifest.directory),
      folder === undefined ? [] : await changeFiles(folder),
    ),
  ];
}
