import type { HistoryKind } from '@candlekeep/history';
import { Body, Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseOtherThanJson } from '../api/json-only';
import { HistoryTasks } from './history-tasks';
import { taskBody, taskSummary } from './task-body';

const ALL = ['backfills', 'verifications'];
const ONE = ALL.map((kinds) => `${kinds}/:id`);

/** `/api/backfills` and `/api/verifications`: open, list, watch, cancel. */
@Controller('api')
export class TasksController {
  constructor(private readonly tasks: HistoryTasks) {}

  /** 202 and where to watch it; 200 when the same is under way already. */
  @Post(ALL)
  async open(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = kindOf(request);
    refuseOtherThanJson(request);
    const { task, isNew } = await this.tasks.open(kind, body);
    void reply
      .status(isNew ? 202 : 200)
      .header('Location', `/api/${kind}s/${task.id}`)
      .send(taskBody(task));
  }

  @Get(ALL)
  async list(@Req() request: FastifyRequest) {
    return (await this.tasks.list(kindOf(request))).map(taskSummary);
  }

  @Get(ONE)
  async get(@Req() request: FastifyRequest, @Param('id') id: string) {
    return taskBody(await this.tasks.get(kindOf(request), id));
  }

  @Delete(ONE)
  async cancel(@Req() request: FastifyRequest, @Param('id') id: string) {
    return taskBody(await this.tasks.cancel(kindOf(request), id));
  }
}

function kindOf({ url }: FastifyRequest): HistoryKind {
  return url.startsWith('/api/backfills') ? 'backfill' : 'verification';
}
