import { type AgentName, detect, resolveCommand } from 'package-manager-detector';

/** What installs packages, by the names that people type. */
export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

/** By the lock file, or the `packageManager` of `package.json`, here or above; npm where nothing tells. */
export async function packageManagerOf(directory: string): Promise<PackageManager> {
  const found: AgentName | undefined = (await detect({ cwd: directory }))?.name;
  return PACKAGE_MANAGERS.find((name) => name === found) ?? 'npm';
}

/** The command that adds packages; `undefined` where there is none to add. */
export function installCommand(
  manager: PackageManager,
  packages: readonly string[],
  { development }: { readonly development: boolean },
): string | undefined {
  if (packages.length === 0) return undefined;
  return shown(resolveCommand(manager, 'add', [...(development ? ['-D'] : []), ...packages]));
}

/** How a binary of the project is called: `npx flamingock doctor`. */
export function localCommand(manager: PackageManager, ...parameters: readonly string[]): string {
  return shown(resolveCommand(manager, 'execute-local', [...parameters])) ?? parameters.join(' ');
}

function shown(resolved: ReturnType<typeof resolveCommand>): string | undefined {
  return resolved === null ? undefined : [resolved.command, ...resolved.args].join(' ');
}
