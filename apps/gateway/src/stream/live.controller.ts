import { Controller, Get } from '@nestjs/common';
import { LiveReader } from './live-reader';

/** `GET /api/live`: how the process that follows the exchange's stream stands; 503 where none does. */
@Controller('api/live')
export class LiveController {
  constructor(private readonly live: LiveReader) {}

  @Get()
  async status() {
    return await this.live.status();
  }
}
