// Nest on Fastify sends one fixed buffer with the gateway's own headers, from a route like the gateway's.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { announce } from './announce.mjs';

const body = readFileSync(process.env.BODY_FILE);
const headers = JSON.parse(process.env.HEADERS);

class FixedAnswer {
  minutes(reply) {
    reply.headers(headers).send(body);
  }
}
const { prototype } = FixedAnswer;
const minutes = Object.getOwnPropertyDescriptor(prototype, 'minutes');
Res()(prototype, 'minutes', 0);
Get('minutes/:unit')(prototype, 'minutes', minutes);
Controller('v1/candles')(FixedAnswer);

class Reference {}
Module({ controllers: [FixedAnswer] })(Reference);

const app = await NestFactory.create(Reference, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
announce(app.getHttpServer().address().port);
