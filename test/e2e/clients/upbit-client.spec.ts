import { SystemClock } from '@candlekeep/clock';
import { z } from 'zod';
import {
  expectCandlesBetween,
  expectSameWhenStill,
  type ToldCandle,
} from '../../support/clients/agreement';
import { type Call, SideBySide } from '../../support/clients/side-by-side';
import { redisDatabases } from '../../support/redis-databases';

const MINUTE = 60_000;
const nowMs = new SystemClock().nowMs();
const candles = z.array(
  z.looseObject({
    candle_date_time_utc: z.string(),
    opening_price: z.number(),
    high_price: z.number(),
    low_price: z.number(),
    candle_acc_trade_volume: z.number(),
  }),
);

const QUOTES: readonly Call[] = [
  ['GetTickers', ['KRW-BTC']],
  ['GetTickers', ['KRW-BTC', 'KRW-KNC', 'KRW-SOL']],
  ['GetTrades', { market: 'KRW-BTC' }],
  ['GetTrades', { market: 'KRW-DOGE', count: 500 }],
];

const UNKNOWN = { name: 404, message: 'Code not found' };
const MISSING = {
  name: 400,
  message: 'Missing request parameter error. Check the required parameters!',
};
const WRONG_TYPE = { name: 400, message: 'Type mismatch error. Check the parameters type!' };
const INVALID = { name: 400, message: 'Invalid parameter. Check the given value!' };
/** What the client throws, and by which calls: the answer's `error`, or an error of its own before it asks. */
const REFUSED: readonly (readonly [thrown: unknown, call: Call])[] = [
  [MISSING, ['GetCandleByMinute', { unit: 1 }]],
  [UNKNOWN, ['GetCandleByMinute', { unit: 1, market: 'KRW-NOPE' }]],
  [INVALID, ['GetCandleByMinute', { unit: 1, market: 'KRW-BTC', to: 'yesterday' }]],
  [WRONG_TYPE, ['GetCandleByMinute', { unit: 1, market: 'KRW-BTC', count: 'abc' }]],
  [INVALID, ['GetCandleByMinute', { unit: 1, market: 'KRW-BTC', count: -1 }]],
  [
    { error: 'Error', message: 'Invalid unit.' },
    ['GetCandleByMinute', { unit: 2, market: 'KRW-BTC' }],
  ],
  [UNKNOWN, ['GetTickers', ['KRW-NOPE']]],
  [UNKNOWN, ['GetTickers', []]],
  [MISSING, ['GetTrades', {}]],
  [WRONG_TYPE, ['GetTrades', { market: 'KRW-BTC', count: 'abc' }]],
];

/** The client hands on the exchange's rows, newest first. */
function readRows(value: unknown): ToldCandle[] {
  const rows = candles.parse(value).map((whole) => ({
    openMs: Date.parse(`${whole.candle_date_time_utc}Z`),
    open: whole.opening_price,
    high: whole.high_price,
    low: whole.low_price,
    volume: whole.candle_acc_trade_volume,
    whole,
  }));
  return rows.reverse();
}

describe('an unmodified upbit-client', () => {
  let sides: SideBySide;

  beforeAll(async () => {
    sides = await SideBySide.start({
      client: 'upbit-client',
      redisDatabase: redisDatabases.upbitClient,
    });
  });
  afterAll(async () => {
    await sides.close();
  });

  it('reads the same list of markets', async () => {
    const ours = await sides.ours(['GetMarketCodes']);
    expect(ours).toMatchObject({ kind: 'returned' });
    expect(ours).toEqual(await sides.theirs(['GetMarketCodes']));
  });

  it.each([[[1, 3, 5]], [[10, 15, 30]], [[60, 240]]])(
    'reads the same candles of %j minutes, the newest included',
    async (units) => {
      const calls = units.flatMap((unit) => candleCalls(unit));
      for (const answer of await sides.sandwiches(calls)) expectCandlesBetween(answer, readRows);
    },
  );

  it('is told the same tickers and trades', async () => {
    await expectSameWhenStill(sides, QUOTES);
  });

  for (const [thrown, call] of REFUSED) {
    it(`throws the same ${JSON.stringify(thrown)} by ${JSON.stringify(call)}`, async () => {
      expect(await sides.ours(call)).toEqual({ kind: 'threw', thrown });
      expect(await sides.theirs(call)).toEqual({ kind: 'threw', thrown });
    });
  }

  it('throws undefined when the exchange itself has enough, since a plain text has no error', async () => {
    const outcomes = await sides.theirsInBurst(15, ['GetTickers', ['KRW-BTC']]);
    const threw = outcomes.filter(({ kind }) => kind === 'threw');
    expect(threw.length).toBeGreaterThanOrEqual(5);
    for (const outcome of threw) expect(outcome).toEqual({ kind: 'threw', thrown: undefined });
  });

  it('throws a sentence that says so when the exchange is away', async () => {
    await sides.house.simulator.stop();
    const sentence = /^the exchange gave no whole answer to GET \/v1\/.+again/;
    for (const call of [
      ['GetCandleByMinute', { unit: 60, market: 'KRW-SOL' }],
      ['GetTickers', ['KRW-SOL']],
    ] satisfies Call[]) {
      const outcome = await sides.ours(call);
      expect(outcome.kind === 'threw' && outcome.thrown).toMatch(sentence);
    }
  });
});

/** The newest row and page, pages that end in the past in each spelling of `to`, and the beginning of history. */
function candleCalls(unit: number): Call[] {
  const questions = [
    {},
    { count: 200 },
    { count: 200, to: spelled(unit * 250, (text) => text.replace('T', ' ')) },
    { count: 60, to: spelled(unit * 300.5, (text) => `${text}Z`) },
    { count: 60, to: spelled(unit * 320 - 540, (text) => `${text}+09:00`) },
    { count: 30, to: '2017-09-26T00:00:00' },
  ];
  return questions.map((question) => [
    'GetCandleByMinute',
    { market: 'KRW-ETH', unit, ...question },
  ]);
}

/** So many minutes ago, in one of the exchange's spellings. */
function spelled(minutesAgo: number, spell: (text: string) => string): string {
  const atMs = Math.floor(nowMs / MINUTE - minutesAgo) * MINUTE;
  return spell(new Date(atMs).toISOString().slice(0, 19));
}
