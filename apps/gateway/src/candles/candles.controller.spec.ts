import 'reflect-metadata';
import {
  type CandleAnswer,
  type CandleQuery,
  EncodedPages,
  LATEST_MS,
} from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import type { UsageQuestion } from '@candlekeep/usage';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MarketDirectory } from '../texts/market-directory';
import { UpbitErrorFilter } from '../upbit-error.filter';
import { CandleUsage } from '../usage/candle-usage';
import { CandlesController } from './candles.controller';
import { answerWhatIsReady } from './ready-answers';
import { UnderstoodQuestions } from './understood-questions';

@Module({})
class Questions {}

const clock = new ManualClock(Date.UTC(2026, 0, 1, 10, 7));
const nothing: CandleAnswer = {
  ...{ rows: [], source: 'l1', collapsed: false, asOfMs: clock.nowMs(), finalUntilMs: 0 },
  ...{ ageMs: 0, staleMs: 0, insteadOfError: false },
};

describe('a candle question', () => {
  const events: string[] = [];
  const noted: UsageQuestion[] = [];
  let read: (query: CandleQuery) => Promise<CandleAnswer>;
  let pages: EncodedPages;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const candles = {
      read: async (query: CandleQuery) => {
        events.push('read');
        return await read(query);
      },
    };
    const directory = { mayExist: (market: string) => Promise.resolve(market !== 'KRW-NONE') };
    const recorder = {
      note: (question: UsageQuestion) => {
        events.push('noted');
        noted.push(question);
        // Whoever waited for this would wait for ever.
        return new Promise(() => undefined);
      },
    };
    pages = new EncodedPages({ candles, clock, maxBytes: 1_000_000 });
    const questions = new UnderstoodQuestions();
    const usage = new CandleUsage(recorder, clock);
    const module = {
      module: Questions,
      controllers: [CandlesController],
      providers: [
        { provide: UnderstoodQuestions, useValue: questions },
        { provide: EncodedPages, useValue: pages },
        { provide: MarketDirectory, useValue: directory },
        { provide: CandleUsage, useValue: usage },
      ],
    };
    app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      logger: false,
    });
    app.useGlobalFilters(new UpbitErrorFilter(silentLogger));
    answerWhatIsReady(app, { questions, pages, usage });
    await app.init();
  });
  afterAll(() => app.close());
  beforeEach(() => {
    pages.lost();
    events.length = 0;
    noted.length = 0;
    read = () => Promise.resolve(nothing);
  });

  const ask = async (url: string, headers: Record<string, string> = {}) =>
    await app.inject({ url: `/v1/candles/${url}`, headers, remoteAddress: '10.0.0.7' });

  it('is noted before it is read, and its answer does not wait for that', async () => {
    const headers = { 'x-candlekeep-caller': 'desk', 'cache-control': 'max-age=7' };
    const { statusCode } = await ask('minutes/15?market=krw-btc&count=300', headers);
    expect(statusCode).toBe(200);
    expect(events).toEqual(['noted', 'read']);
    expect(noted).toEqual([
      {
        ...{ caller: 'desk', count: 200, back: 0, maxAgeMs: 7_000 },
        series: { market: 'KRW-BTC', timeframe: Timeframe.parse('15m') },
      },
    ]);
  });

  it('of a caller that does not say who it is has its address, and the place of its page', async () => {
    await ask('minutes/15?market=KRW-BTC&to=2026-01-01T10:00:00Z');
    expect(noted).toMatchObject([{ caller: '10.0.0.7', back: 1 }]);
  });

  it('is noted when it fails for a reason of ours', async () => {
    read = () => Promise.reject(new Error('a tier is away'));
    expect((await ask('days?market=KRW-BTC')).statusCode).toBe(503);
    expect(noted).toHaveLength(1);
  });

  it.each([
    ['is malformed', 'days?market=KRW-BTC&count=0', {}, 400],
    ['has no market', 'days', {}, 400],
    ['is of a market that does not exist', 'days?market=KRW-NONE', {}, 404],
    ['is of no period', 'hours?market=KRW-BTC', {}, 404],
    ['names its caller wrongly', 'days?market=KRW-BTC', { 'x-candlekeep-caller': 'a b' }, 400],
  ])('that %s is refused, and nothing is noted', async (_why, url, headers, status) => {
    expect((await ask(url, headers)).statusCode).toBe(status);
    expect(events).toEqual([]);
  });

  it('asks the cache as ever', async () => {
    const asked: CandleQuery[] = [];
    read = (query) => {
      asked.push(query);
      return Promise.resolve(nothing);
    };
    await ask('days?market=KRW-BTC&count=5', { 'x-candlekeep-caller': 'desk' });
    expect(asked).toMatchObject([{ beforeMs: LATEST_MS, count: 5, caller: 'bot' }]);
  });

  describe('whose page is at hand', () => {
    const url = 'days?market=KRW-BTC&count=7';

    beforeEach(async () => {
      pages.back();
      await ask(url);
      events.length = 0;
    });

    it('is noted and answered without a read, with the headers of any other', async () => {
      const { statusCode, headers, body } = await ask(url);
      expect({ statusCode, body }).toEqual({ statusCode: 200, body: '[]' });
      expect(headers).toMatchObject({
        'cache-status': 'candlekeep; hit; detail=l0',
        'content-type': 'application/json;charset=UTF-8',
        'remaining-req': 'group=candles; min=600; sec=9',
        etag: 'W/"0d751713988987e9331980363e24189ce"',
      });
      expect(events).toEqual(['noted']);
    });

    it('is understood anew with other directives, or as another class', async () => {
      expect((await ask(url, { 'cache-control': 'no-cache' })).statusCode).toBe(200);
      expect(events).toEqual(['noted', 'read']);
      expect((await ask(url, { 'x-candlekeep-class': 'nobody' })).statusCode).toBe(400);
    });

    it('is refused as ever when it names its caller wrongly', async () => {
      expect((await ask(url, { 'x-candlekeep-caller': 'a b' })).statusCode).toBe(400);
      expect(events).toEqual([]);
    });

    it('is answered 304 to one who has the page', async () => {
      const { headers } = await ask(url);
      const again = await ask(url, { 'if-none-match': String(headers.etag) });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    });
  });
});
