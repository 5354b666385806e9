import type { AuditStore, FlamingockOptions, Target } from '@flamingock/core';
import type { HostingOptions } from '@flamingock/core/hosting';
import type { FromDecorator } from './from-decorator.js';

/**
 * The options of the engine and of how traffic is held, in one object. Unknown keys are refused. The value of a
 * dependency may be made of a decorator too.
 */
export interface FlamingockPluginOptions
  extends Omit<FlamingockOptions, 'auditStore' | 'targets'>, HostingOptions {
  /**
   * Only for an application that registers several: the engine is then `app.flamingock[name]`, and stands under this
   * name in the body of readiness. Default: there is one, and it is `app.flamingock`.
   */
  readonly name?: string;
  readonly auditStore: AuditStore | FromDecorator<AuditStore>;
  /** The target systems by the names that changes use. */
  readonly targets: Readonly<Record<string, Target | FromDecorator<Target>>>;
}

/** The options once every decorator is resolved. */
export type ResolvedOptions = FlamingockOptions & HostingOptions;
