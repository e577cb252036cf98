import { KnownKeys, SessionBook } from '@candlekeep/access';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LOGIN_STYLE, loginPage } from './login-page';
import { isFromStrangersPage } from './same-origin';
import { noSessionCookie, readSession, sessionCookie } from './session-cookie';

const form = z.object({ key: z.string().max(200) });
const HTML = 'text/html; charset=utf-8';

/** `/admin/login` and `/admin/logout`: a person shows a key once, and the browser holds a session from then on. */
@Controller('admin')
export class LoginController {
  constructor(
    private readonly keys: KnownKeys,
    private readonly sessions: SessionBook,
  ) {}

  @Get('login')
  page(@Res() reply: FastifyReply): void {
    sendPage(reply, 200);
  }

  @Get('login.css')
  style(@Res() reply: FastifyReply): void {
    void reply.header('content-type', 'text/css; charset=utf-8').send(LOGIN_STYLE);
  }

  @Post('login')
  async login(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (isFromStrangersPage(request)) {
      sendPage(reply, 403, 'Log in on this page itself.');
      return;
    }
    const given = form.safeParse(request.body);
    const holder = given.success ? this.keys.find(given.data.key.trim()) : undefined;
    if (holder?.principal.scopes.includes('admin') !== true) {
      sendPage(reply, 401, 'That is no active key with the admin scope.');
      return;
    }
    const token = await this.sessions.open(holder.principal.id);
    leadTo(reply.header('set-cookie', sessionCookie(request, token)), '/admin');
  }

  @Post('logout')
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = readSession(request);
    if (token !== undefined) await this.sessions.end(token);
    leadTo(reply.header('set-cookie', noSessionCookie(request)), '/admin/login');
  }
}

function sendPage(reply: FastifyReply, status: number, complaint?: string): void {
  void reply
    .status(status)
    .headers({ 'content-type': HTML, 'cache-control': 'no-store' })
    .send(loginPage(complaint));
}

function leadTo(reply: FastifyReply, url: string): void {
  void reply.header('cache-control', 'no-store').redirect(url, 303);
}
