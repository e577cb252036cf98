import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StreamPasses } from '../access/stream-passes';
import { takePass } from '../access/take-pass';
import { openEventWire } from '../stream/events/event-wire';
import { preloadsBody, runBody } from './preload-body';
import { Preloads } from './preloads';
import { RunEvents } from './run-events';

/** `/api/preloads`: what is preloaded now, why, and how far activations are. */
@Controller('api/preloads')
export class PreloadsController {
  constructor(
    private readonly preloads: Preloads,
    private readonly events: RunEvents,
    private readonly passes: StreamPasses,
  ) {}

  @Get()
  async list() {
    return preloadsBody(await this.preloads.read());
  }

  @Get(':id')
  async get(@Param('id') id: string) {
    return runBody(await this.preloads.find(id));
  }

  /** Server-sent events: `progress` while it runs, then one `end`. */
  @Get(':id/events')
  async follow(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.events.requireRoom();
    const run = await this.preloads.find(id);
    const pass = takePass(this.passes, request, reply);
    const wire = openEventWire(request, reply);
    if (wire === undefined) pass.end();
    else reply.raw.on('close', this.events.follow(run, wire, pass));
  }
}
