import type { AuditStore, ChangeSource, FlamingockOptions, Target } from '@flamingock/core';
import type { ConfigurableModuleAsyncOptions } from '@nestjs/common';
import type { FromContainer } from './from-container.js';

/** The options of the engine; the module itself sets `container` and `logger`. */
export interface FlamingockEngineOptions extends Omit<
  FlamingockOptions,
  'auditStore' | 'targets' | 'changes' | 'container' | 'logger'
> {
  readonly auditStore: AuditStore | FromContainer<AuditStore>;
  /** The target systems by the names that changes use. */
  readonly targets: Readonly<Record<string, Target | FromContainer<Target>>>;
  /** The changes that no feature contributes. May be left out where features contribute all of them. */
  readonly changes?: ChangeSource;
  /**
   * How long a provider that a change or an option asks for may take until it is ready, in milliseconds.
   * Default 60 000. When it is over the start fails and names what it waits for.
   */
  readonly resolutionTimeoutMs?: number;
}

/** What {@link FlamingockModule.forRoot} takes. Unknown keys are refused. */
export interface FlamingockModuleOptions extends FlamingockEngineOptions {
  /** Tells several instances of one application apart. Default: the one without a name. */
  readonly name?: string;
}

/**
 * `imports`, `inject` and `useFactory`; or `useClass` or `useExisting` with a {@link FlamingockOptionsFactory}. The name
 * stands here and not in what they return, because the token is made of it.
 */
export interface FlamingockModuleAsyncOptions extends ConfigurableModuleAsyncOptions<
  FlamingockEngineOptions,
  'createFlamingockOptions'
> {
  /** As `name` of {@link FlamingockModuleOptions}. */
  readonly name?: string;
}

/** What the class behind `useClass` or `useExisting` implements. */
export interface FlamingockOptionsFactory {
  createFlamingockOptions(): FlamingockEngineOptions | Promise<FlamingockEngineOptions>;
}

/** What {@link FlamingockModule.forFeature} takes. Unknown keys are refused. */
export interface FlamingockFeatureOptions {
  /** Their orders say where they stand in the one sequence of the instance. */
  readonly changes: ChangeSource;
  /** The instance that runs them. Default: the one without a name. */
  readonly name?: string;
}
