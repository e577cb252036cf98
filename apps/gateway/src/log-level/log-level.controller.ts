import { LogLevels } from '@candlekeep/log-levels';
import { Controller, Get, Header, HttpCode, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { refuseOtherThanJson } from '../api/json-only';
import { parseLogLevelRequest } from './log-level-request';

/** `/api/log-level`: from which level on running processes log, for a while. */
@Controller('api/log-level')
export class LogLevelController {
  constructor(private readonly levels: LogLevels) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async told() {
    return await this.levels.told();
  }

  @Put()
  @HttpCode(204)
  async say(@Req() request: FastifyRequest): Promise<void> {
    refuseOtherThanJson(request);
    await this.levels.say(parseLogLevelRequest(request.body));
  }
}
