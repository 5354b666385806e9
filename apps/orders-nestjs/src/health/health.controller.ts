import { FlamingockHealthIndicator } from '@flamingock/nestjs/terminus';
import { Controller, Get } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  TypeOrmHealthIndicator,
  type HealthCheckResult,
} from '@nestjs/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly changes: FlamingockHealthIndicator,
    private readonly database: TypeOrmHealthIndicator,
  ) {}

  /** The process answers; a failing dependency is no reason to restart it. */
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** Send traffic: every change is applied and the database answers. */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.changes.isHealthy(), () => this.database.pingCheck('orders-db')]);
  }
}
