import { Controller, Get } from '@nestjs/common';
import { Overview } from './overview';

/** `GET /api/overview`: how the whole cluster does today. */
@Controller('api/overview')
export class OverviewController {
  constructor(private readonly overview: Overview) {}

  @Get()
  async read() {
    return await this.overview.read();
  }
}
