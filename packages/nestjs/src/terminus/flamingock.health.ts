import type { Flamingock, Readiness } from '@flamingock/core';
import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { InjectFlamingock } from '../flamingock.decorators.js';

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

/**
 * Readiness for Terminus, read from memory and never from the audit store, and free of secrets.
 *
 * @example
 * HealthModule: imports: [TerminusModule], providers: [FlamingockHealthIndicator]
 * this.health.check([() => this.flamingock.isHealthy()])
 */
@Injectable()
export class FlamingockHealthIndicator {
  constructor(
    @InjectFlamingock() private readonly flamingock: Flamingock,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicators,
  ) {}

  /** @param key under which it appears in the body; default `flamingock` */
  isHealthy<const Key extends string = 'flamingock'>(key?: Key): FlamingockHealth<Key> {
    const { ready, ...details } = this.flamingock.readiness();
    const indicator = this.indicators.check(key ?? 'flamingock');
    if (!ready) return indicator.down(details) as FlamingockHealth<Key>;
    const degraded = details.state === 'degraded' ? indicator.degraded?.(details) : undefined;
    return (degraded ?? indicator.up(details)) as FlamingockHealth<Key>;
  }
}
