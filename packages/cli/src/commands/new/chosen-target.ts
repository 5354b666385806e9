import { nearest } from '@flamingock/core/desk';
import type { Invocation } from '../../frame/frame.js';
import { notKnown, usage } from '../../frame/usage.js';
import { type ChangeClient, clientOf, clientOfKind } from '../../sources/change-client.js';
import type { ChangeSourceFile } from '../../sources/change-files.js';
import { targetOf } from '../../sources/change-style.js';
import { askChoice } from '../../terminal/questions.js';
import type { ChangeProject } from './change-project.js';
import { configuredTargets } from './configured-targets.js';
import type { NewOptions } from './new-options.js';

/** What the next change acts on, and with what. */
export interface ChosenTarget {
  readonly targetSystem: string | undefined;
  readonly client: ChangeClient | undefined;
}

/**
 * The target system that is named, or the only one, or that of the last change; with the client that the last change of
 * it asks for. A configuration is asked for its targets only where the changes do not tell. Throws `FLG_USAGE`.
 */
export async function chosenTarget(
  files: readonly ChangeSourceFile[],
  project: ChangeProject,
  invocation: Invocation<NewOptions>,
): Promise<ChosenTarget> {
  const { options, request, output } = invocation;
  const used = files.map(targetOf);
  const wanted = options.target ?? used.at(-1);
  const precedent = files.findLast((file) => targetOf(file) === wanted);
  // The last change may leave it to the engine which target is meant.
  if (precedent !== undefined) return { targetSystem: wanted, client: clientOf(precedent) };
  const { config, manifest } = project;
  const configured = config === undefined ? undefined : await configuredTargets(config, request);
  const known = [...new Set([...(configured?.keys() ?? []), ...used.filter((name) => name !== undefined)])];
  if (wanted !== undefined && configured?.has(wanted) !== true) {
    if (configured !== undefined || nearest(wanted, known) !== undefined)
      throw notKnown('target system', wanted, known);
    output.note(`The configured target systems could not be looked at, so '${wanted}' is taken as it is.`);
  }
  const targetSystem = wanted ?? (await only(known, invocation));
  const kind = configured?.get(targetSystem);
  return {
    targetSystem,
    client: kind === undefined ? undefined : clientOfKind(kind, manifest?.dependencies ?? {}),
  };
}

async function only(known: readonly string[], { interactive }: Invocation<NewOptions>): Promise<string> {
  const [first, ...others] = known;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined && interactive)
    return askChoice(
      'Which target system does it act on?',
      known.map((value) => ({ value, name: value })),
    );
  throw usage(
    'It is not said which target system the change acts on.',
    `Add --target <name>.${first === undefined ? '' : ` Known: ${known.join(', ')}.`}`,
  );
}
