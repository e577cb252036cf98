import { isKeyId, KnownKeys } from '@candlekeep/access';
import { Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiRefusal } from '../api/api-refusal';
import { refuseOtherThanJson } from '../api/json-only';
import { keyBody, newKeyBody } from './key-body';
import { parseKeyRequest } from './key-request';

/** `/api/keys`: make, look at and revoke the keys that programs ask with. */
@Controller('api/keys')
export class KeysController {
  constructor(private readonly keys: KnownKeys) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async list() {
    return (await this.keys.list()).map(keyBody);
  }

  /** The only answer that ever holds the key itself. */
  @Post()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseOtherThanJson(request);
    const made = await this.keys.create(parseKeyRequest(request.body));
    void reply.status(201).header('Cache-Control', 'no-store').send(newKeyBody(made));
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id') id: string): Promise<void> {
    if (isKeyId(id) && (await this.keys.revoke(id)) !== undefined) return;
    throw new ApiRefusal(404, `There is no active key "${id}": see GET /api/keys.`);
  }
}
