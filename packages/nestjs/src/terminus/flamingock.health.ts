import type { Flamingock, Readiness } from '@flamingock/core';
import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { getFlamingockToken } from '../flamingock.decorators.js';

/**
 * What of Terminus is used. Written down here, so that the declarations of this package import no library that
 * an application may not have.
 */
interface HealthIndicators {
  check(key: string): Record<'up' | 'down', (data: object) => unknown> & {
    /** Since Terminus 12. */
    degraded?(data: object): unknown;
  };
}

/**
 * What Terminus takes from an indicator. An instance that is older than its ledger is up; from Terminus 12 on its
 * status reads `degraded` at run time.
 */
export type FlamingockHealth<Key extends string> = Record<
  Key,
  { readonly status: 'up' | 'down' } & Omit<Readiness, 'ready'>
>;

/** Which instance is meant. */
export interface FlamingockHealthOptions {
  /** Its name. Default: the one without a name. */
  readonly name?: string;
}

/**
 * Readiness for Terminus, read from memory and never from the audit store, and free of secrets.
 *
 * @example
 * HealthModule: imports: [TerminusModule], providers: [FlamingockHealthIndicator]
 * this.health.check([() => this.flamingock.isHealthy()])
 * this.health.check([() => this.flamingock.isHealthy('billing', { name: 'billing' })])
 */
@Injectable()
export class FlamingockHealthIndicator {
  constructor(
    private readonly application: ModuleRef,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicators,
  ) {}

  /** @param key under which it appears in the body; default `flamingock` */
  isHealthy<const Key extends string = 'flamingock'>(
    key?: Key,
    { name }: FlamingockHealthOptions = {},
  ): FlamingockHealth<Key> {
    const flamingock = this.application.get<Flamingock>(getFlamingockToken(name), { strict: false });
    const { ready, ...details } = flamingock.readiness();
    const indicator = this.indicators.check(key ?? 'flamingock');
    if (!ready) return indicator.down(details) as FlamingockHealth<Key>;
    const degraded = details.state === 'degraded' ? indicator.degraded?.(details) : undefined;
    return (degraded ?? indicator.up(details)) as FlamingockHealth<Key>;
  }
}
