import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runBody } from '../preloads/preload-body';
import { refuseOtherThanJson, refusePagesOtherThanJson } from '../api/json-only';
import { Strategies } from './strategies';
import { listedBody, needsBody, strategyBody } from './strategy-body';
import { parseActive, parseStartUpError } from './strategy-query';

/** `/api/strategies`: give, look at, switch, delete, and have its needs explained. */
@Controller('api/strategies')
export class StrategiesController {
  constructor(private readonly strategies: Strategies) {}

  @Get()
  async list() {
    return (await this.strategies.list()).map(listedBody);
  }

  @Get(':id')
  async get(@Param('id') id: string) {
    return strategyBody(await this.strategies.get(id));
  }

  /** What it needs, with the reasons, whether it is active or not. */
  @Get(':id/needs')
  async needs(@Param('id') id: string, @Query('startUpError') given: unknown) {
    const startUpError = parseStartUpError(given);
    return needsBody(id, startUpError, await this.strategies.needs(id, startUpError));
  }

  /** 201 for a new one, 200 for another document of a known one; with `run` when it is active. */
  @Put(':id')
  async put(
    @Param('id') id: string,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseOtherThanJson(request);
    const { stored, isNew, run } = await this.strategies.put(id, request.body, parseActive(query));
    const body = strategyBody(stored);
    void reply
      .status(isNew ? 201 : 200)
      .header('Location', `/api/strategies/${id}`)
      .send(run === undefined ? body : { ...body, run: runBody(run) });
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.strategies.remove(id);
  }

  /** 202 and where to watch what it needs being brought, also when that is under way already: whoever asks twice watches the same. */
  @Post(':id/activate')
  async activate(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refusePagesOtherThanJson(request);
    const run = await this.strategies.activate(id);
    void reply.status(202).header('Location', `/api/preloads/${run.id}`).send(runBody(run));
  }

  @Post(':id/deactivate')
  @HttpCode(200)
  async deactivate(@Param('id') id: string, @Req() request: FastifyRequest) {
    refusePagesOtherThanJson(request);
    const listed = await this.strategies.deactivate(id);
    return 'unreadable' in listed ? listedBody(listed) : strategyBody(listed);
  }
}
