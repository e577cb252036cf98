import type { HistoryKind } from '@candlekeep/history';
import {
  Body,
  Controller,
  Delete,
  Get,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseOtherThanJson } from '../api/json-only';
import { HistoryTasks } from './history-tasks';
import { taskBody, taskSummary } from './task-body';

const KINDS: ReadonlyMap<string, HistoryKind> = new Map([
  ['backfills', 'backfill'],
  ['verifications', 'verification'],
]);

/** `/api/backfills` and `/api/verifications`: open, list, watch, cancel. */
@Controller('api')
export class TasksController {
  constructor(private readonly tasks: HistoryTasks) {}

  /** 202 and where to watch it; 200 when the same is under way already. */
  @Post(':kinds')
  async open(
    @Param('kinds') kinds: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = kindOf(kinds);
    refuseOtherThanJson(request);
    const { task, isNew } = await this.tasks.open(kind, body);
    void reply
      .status(isNew ? 202 : 200)
      .header('Location', `/api/${kinds}/${task.id}`)
      .send(taskBody(task));
  }

  @Get(':kinds')
  async list(@Param('kinds') kinds: string) {
    return (await this.tasks.list(kindOf(kinds))).map(taskSummary);
  }

  @Get(':kinds/:id')
  async get(@Param('kinds') kinds: string, @Param('id') id: string) {
    return taskBody(await this.tasks.get(kindOf(kinds), id));
  }

  @Delete(':kinds/:id')
  async cancel(@Param('kinds') kinds: string, @Param('id') id: string) {
    return taskBody(await this.tasks.cancel(kindOf(kinds), id));
  }
}

function kindOf(kinds: string): HistoryKind {
  const kind = KINDS.get(kinds);
  if (kind === undefined) throw new NotFoundException();
  return kind;
}
