import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FlamingockError } from '@flamingock/core';
import { CONFIG_NAMES } from '../../config/find-config.js';
import { changeFiles } from '../../sources/change-files.js';
import { changeText } from '../../sources/change-text.js';
import type { NewFile } from '../../sources/written-files.js';
import { configText } from './config-text.js';
import type { InitPlan } from './plan.js';

/** The way out where a file exists. */
export const HINT =
  'The project has been set up already: see `flamingock doctor`, and `flamingock new` for the next change.';

const FIRST = '_0001__CreateExample';

/**
 * The configuration, and a first change where there is none. Throws `FLG_FILE_NOT_WRITTEN` where the project has a
 * configuration, whatever it is written in.
 *
 * @param from the working directory
 */
export async function initFiles(plan: InitPlan, from: string): Promise<readonly NewFile[]> {
  const { directory, configExtension, changeFolder, style } = plan;
  const existing = CONFIG_NAMES.find((name) => existsSync(join(directory, name)));
  if (existing !== undefined)
    throw new FlamingockError({
      code: 'FLG_FILE_NOT_WRITTEN',
      message: `${relative(from, join(directory, existing))} exists already, and nothing is ever overwritten.`,
      hint: HINT,
    });
  const file = (path: string, content: string): NewFile => ({ path, shown: relative(from, path), content });
  const config = file(join(directory, `flamingock.config${configExtension}`), configText(plan));
  if ((await changeFiles(changeFolder)).length > 0) return [config];
  return [config, file(join(changeFolder, `${FIRST}${style.extension}`), firstChange(plan))];
}

/** It can be applied as it is, and taken back: an example of both directions. */
function firstChange({ database, targetSystem, style }: InitPlan): string {
  const { client, example: body } = database;
  return changeText({ id: 'create-example', displayName: FIRST, targetSystem, client, body }, style);
}
