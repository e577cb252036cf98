import {
  Controller,
  type DynamicModule,
  Get,
  Inject,
  Module,
  ServiceUnavailableException,
} from '@nestjs/common';
import { type ReadinessChecks, runChecks } from './readiness';

const CHECKS = Symbol('readiness checks');

/** `GET /health/live`: the process runs. `GET /health/ready`: it can serve; 503 names the part that cannot. */
@Controller('health')
class HealthController {
  constructor(@Inject(CHECKS) private readonly checks: ReadinessChecks) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<unknown> {
    const readiness = await runChecks(this.checks);
    if (readiness.status === 'ok') return readiness;
    throw new ServiceUnavailableException(readiness);
  }
}

/** Health endpoints of a process. */
@Module({ controllers: [HealthController] })
export class HealthModule {
  static with(checks: ReadinessChecks): DynamicModule {
    return { module: HealthModule, providers: [{ provide: CHECKS, useValue: checks }] };
  }
}
