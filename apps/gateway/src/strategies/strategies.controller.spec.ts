import 'reflect-metadata';
import { silentLogger } from '@candlekeep/telemetry';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryStrategyBook } from '../../../../test/support/memory-strategy-book';
import { demoStrategy as demo } from '../../../../test/support/strategy-documents';
import { ApiErrorFilter } from '../api/api-error.filter';
import { readJsonBodies } from '../api/json-bodies';
import { Strategies } from './strategies';
import { StrategiesController } from './strategies.controller';

@Module({})
class Doors {}

describe('/api/strategies', () => {
  const book = new MemoryStrategyBook();
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const run = { id: 'run-1', state: 'running', total: 0, done: 0, calls: 0 } as const;
    const strategies = new Strategies({
      book,
      runs: {
        open: (strategyId) =>
          Promise.resolve({ ...run, strategyId, createdAtMs: 0, updatedAtMs: 0 }),
        cancelOf: () => Promise.resolve(),
      },
      announce: () => Promise.resolve(),
      directory: { isListed: () => Promise.resolve(true) },
      log: silentLogger,
    });
    const module = {
      module: Doors,
      controllers: [StrategiesController],
      providers: [{ provide: Strategies, useValue: strategies }],
    };
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      logger: false,
    });
    readJsonBodies(app);
    app.useGlobalFilters(new ApiErrorFilter(silentLogger));
    await app.init();
  });
  afterAll(async () => {
    await app.close();
  });

  const ask = async (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    more: { readonly payload?: object | string; readonly headers?: Record<string, string> } = {},
  ) => {
    const answer = await app.inject({ method, url: `/api/strategies${url}`, ...more });
    const body: unknown = answer.body === '' ? undefined : answer.json();
    return { status: answer.statusCode, headers: answer.headers, body };
  };

  it('keeps what is put there, and shows it as it was given and as it was read', async () => {
    const put = await ask('PUT', '/demo_7rule_btc', { payload: demo });
    expect(put.status).toBe(201);
    expect(put.headers).toMatchObject({ location: '/api/strategies/demo_7rule_btc' });
    expect(put.body).toMatchObject({ document: demo, isActive: false, timeframe: '15m' });
    expect((await ask('PUT', '/demo_7rule_btc', { payload: demo })).status).toBe(200);
    expect(await ask('GET', '/demo_7rule_btc')).toMatchObject({
      status: 200,
      body: { id: 'demo_7rule_btc', rules: [{ where: 'entry' }, {}, {}, {}], document: demo },
    });
    expect(await ask('GET', '')).toMatchObject({ body: [{ id: 'demo_7rule_btc' }] });
  });

  it('says where to watch what an activated one needs', async () => {
    const activated = await ask('POST', '/demo_7rule_btc/activate');
    expect(activated).toMatchObject({ status: 202, body: { id: 'run-1', state: 'running' } });
    expect(activated.headers).toMatchObject({ location: '/api/preloads/run-1' });
    const put = await ask('PUT', '/demo_7rule_btc', { payload: demo });
    expect(put.body).toMatchObject({ isActive: true, run: { id: 'run-1' } });
    expect(await ask('POST', '/demo_7rule_btc/deactivate')).toMatchObject({
      ...{ status: 200, body: { isActive: false } },
    });
    const active = await ask('PUT', '/demo_7rule_btc?isActive=true', { payload: demo });
    expect(active.body).toMatchObject({ isActive: true, run: { id: 'run-1' } });
  });

  it('explains its needs', async () => {
    const { body } = await ask('GET', '/demo_7rule_btc/needs?startUpError=0.01');
    expect(body).toMatchObject({ id: 'demo_7rule_btc', startUpError: 0.01, margin: 50 });
    expect(body).toMatchObject({ needs: [{ timeframe: '1m', candles: 51 }, {}, {}, {}, {}] });
    expect((await ask('GET', '/demo_7rule_btc/needs?startUpError=2')).status).toBe(400);
  });

  it('refuses a document with every wrong field, as problem details', async () => {
    const payload = { symbol: 'BTC', timeframe: '1d', RSI_period: 1 };
    const { status, headers, body } = await ask('PUT', '/one', { payload });
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json; charset=utf-8' });
    expect(body).toMatchObject({ errors: [{ field: 'RSI_period' }, { field: 'symbol' }] });
    const headersOfJson = { 'content-type': 'application/json' };
    expect(await ask('PUT', '/one', { headers: headersOfJson })).toMatchObject({
      ...{ status: 400, body: { errors: [{ field: 'document' }] } },
    });
    expect((await ask('PUT', '/a%2Fb', { payload: demo })).status).toBe(400);
    expect((await ask('PUT', '/one?isActive=yes', { payload: demo })).status).toBe(400);
  });

  it('takes JSON only, and nothing from pages that may not speak it', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await ask('PUT', '/one', { headers, payload: '{}' })).status).toBe(415);
    const page = { headers: { origin: 'http://elsewhere.example' } };
    expect((await ask('POST', '/demo_7rule_btc/deactivate', page)).status).toBe(415);
    expect((await ask('POST', '/demo_7rule_btc/activate', page)).status).toBe(415);
  });

  it('shows what another version kept with the reason why this one does not take it', async () => {
    book.leaveUnreadable('newer', true);
    const revision: unknown = expect.any(Number);
    const detail: unknown = expect.stringContaining('PUT it anew, or DELETE it');
    const shown = {
      ...{ id: 'newer', isActive: true, revision, unreadable: 'entry: none' },
      ...{ created: '1970-01-01T00:00:00.000Z', updated: '1970-01-01T00:00:00.001Z' },
    };
    expect((await ask('GET', '')).body).toContainEqual(shown);
    expect(await ask('POST', '/newer/activate')).toMatchObject({
      ...{ status: 409, body: { detail } },
    });
    expect((await ask('GET', '/newer')).status).toBe(409);
    expect(await ask('POST', '/newer/deactivate')).toMatchObject({
      ...{ status: 200, body: { ...shown, isActive: false } },
    });
    expect((await ask('DELETE', '/newer')).status).toBe(204);
  });

  it('forgets what is deleted', async () => {
    expect(await ask('DELETE', '/demo_7rule_btc')).toMatchObject({ status: 204, body: undefined });
    for (const asked of [
      ...[ask('DELETE', '/demo_7rule_btc'), ask('GET', '/demo_7rule_btc')],
      ...[ask('POST', '/demo_7rule_btc/activate'), ask('GET', '/demo_7rule_btc/needs')],
    ]) {
      expect(await asked).toMatchObject({
        ...{
          status: 404,
          body: {
            detail: 'There is no strategy "demo_7rule_btc": see GET /api/strategies, or PUT it.',
          },
        },
      });
    }
  });
});
