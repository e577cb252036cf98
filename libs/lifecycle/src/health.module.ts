import {
  Controller,
  type DynamicModule,
  Get,
  Inject,
  Module,
  ServiceUnavailableException,
} from '@nestjs/common';
import { readinessOf, type ReadinessParts } from './readiness';

const PARTS = Symbol('readiness parts');

/** `GET /health/live`: the process runs. `GET /health/ready`: it can serve; 503 says why it cannot. */
@Controller('health')
class HealthController {
  constructor(@Inject(PARTS) private readonly parts: ReadinessParts) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<unknown> {
    const readiness = await readinessOf(this.parts);
    if (readiness.status === 'ok') return readiness;
    throw new ServiceUnavailableException(readiness);
  }
}

/** Health endpoints of a process. */
@Module({ controllers: [HealthController] })
export class HealthModule {
  static with(parts: ReadinessParts): DynamicModule {
    return { module: HealthModule, providers: [{ provide: PARTS, useValue: parts }] };
  }
}
