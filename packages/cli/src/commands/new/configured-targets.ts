import { OpenedClients } from '../../config/opened-clients.js';
import type { ProjectRequest } from '../../config/project.js';
import type { ReadConfig } from '../../config/read-config.js';
import { within } from '../../frame/deadline.js';

/** Making a target may connect; nobody waits for that in order to write a file. In milliseconds. */
const PATIENCE_MS = 5000;

/**
 * The kinds of the configured target systems by their names; `undefined` where they cannot be told: without the
 * application, without the secrets, or without an environment. Where none is said, one that is disposable will do.
 */
export async function configuredTargets(
  config: ReadConfig,
  { environment, variables }: ProjectRequest,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { targets, environments } = config;
  const disposable = Object.keys(environments).find((name) => environments[name]?.disposable === true);
  const said = environment ?? variables['FLAMINGOCK_ENV'] ?? '';
  const chosen = said === '' ? disposable : said;
  const known = chosen === undefined ? undefined : environments[chosen];
  if (targets === undefined || chosen === undefined || known === undefined) return undefined;
  const clients = new OpenedClients(chosen, known, variables);
  try {
    const made = await within(PATIENCE_MS, async () => targets(clients));
    return new Map(Object.entries(made).map(([name, { kind }]) => [name, kind]));
  } catch {
    return undefined;
  } finally {
    await clients.close();
  }
}
