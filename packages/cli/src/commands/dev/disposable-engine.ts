import { assertDisposable } from '@flamingock/core/desk';
import type { Engine } from '../../config/project.js';
import type { Invocation } from '../../frame/frame.js';

/** The engine, in an environment that may be thrown away: in others nothing is asked first. Throws `FLG_NOT_DISPOSABLE`. */
export async function disposableEngine(
  { engine }: Invocation<object>,
  command: string,
): Promise<Engine & { readonly environment: string }> {
  const opened = await engine();
  const { environment = '', environments } = opened.options;
  const disposable = environments?.[environment]?.disposable === true;
  assertDisposable({ disposable, key: { environment } }, command);
  return { ...opened, environment };
}
