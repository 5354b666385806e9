import type { AuditStore, FlamingockOptions, Target } from '@flamingock/core';
import type { ConfigurableModuleAsyncOptions } from '@nestjs/common';
import type { FromContainer } from './from-container.js';

/** The options of the engine; the module itself sets `container` and `logger`. */
export interface FlamingockModuleOptions extends Omit<
  FlamingockOptions,
  'auditStore' | 'targets' | 'container' | 'logger'
> {
  readonly auditStore: AuditStore | FromContainer<AuditStore>;
  /** The target systems by the names that changes use. */
  readonly targets: Readonly<Record<string, Target | FromContainer<Target>>>;
  /**
   * How long a provider that a change or an option asks for may take until it is ready, in milliseconds.
   * Default 60 000. When it is over the start fails and names what it waits for.
   */
  readonly resolutionTimeoutMs?: number;
}

/** `imports`, `inject` and `useFactory`; or `useClass` or `useExisting` with a {@link FlamingockOptionsFactory}. */
export type FlamingockModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  FlamingockModuleOptions,
  'createFlamingockOptions'
>;

/** What the class behind `useClass` or `useExisting` implements. */
export interface FlamingockOptionsFactory {
  createFlamingockOptions(): FlamingockModuleOptions | Promise<FlamingockModuleOptions>;
}
