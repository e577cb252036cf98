import { parseMarketCode } from '@candlekeep/market';
import { Refused, REFUSALS, type Reply } from './reply';
import { readTradesRequest, type TradesRequest } from './trades-request';

const NOW_MS = Date.UTC(2026, 10, 22, 13, 50);
const TODAY_MS = Date.UTC(2026, 10, 22);

function read(query: string): TradesRequest | Reply {
  try {
    return readTradesRequest(
      new URLSearchParams(query),
      (text) => (text.toUpperCase() === 'KRW-BTC' ? parseMarketCode(text) : undefined),
      NOW_MS,
    );
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

describe('a request for trades', () => {
  it('asks for the newest trade of today unless it says more', () => {
    expect(read('market=krw-btc&to=&cursor=&days_ago=&count=')).toEqual({
      market: 'KRW-BTC',
      dayMs: TODAY_MS,
      untilMs: Infinity,
      beforeId: undefined,
      count: 1,
    });
  });

  it.each(['235959', '23:59:59'])('reads the time of day %s within the chosen day', (to) => {
    expect(read(`market=KRW-BTC&days_ago=2&to=${to}`)).toMatchObject({
      dayMs: TODAY_MS - 2 * 86_400_000,
      untilMs: TODAY_MS - 86_400_000 - 1_000,
    });
  });

  it('reads a cursor to its last digit, and more than 500 rows as 500', () => {
    expect(read('market=KRW-BTC&cursor=17732400590950001&count=501')).toMatchObject({
      beforeId: 17_732_400_590_950_001n,
      count: 500,
    });
  });

  it.each([
    ['count=1', REFUSALS.missingParameter],
    ['market=KRW-NOPE', REFUSALS.unknownMarket],
    ['market=KRW-BTC&count=abc', REFUSALS.wrongType],
    ['market=KRW-BTC&count=0', REFUSALS.invalidParameter],
    ['market=KRW-BTC&days_ago=8', REFUSALS.invalidParameter],
    ['market=KRW-BTC&days_ago=0', REFUSALS.invalidParameter],
    ['market=KRW-BTC&days_ago=x', REFUSALS.wrongType],
    ['market=KRW-BTC&to=24:00:00', REFUSALS.invalidParameter],
    ['market=KRW-BTC&to=2026-11-22T00:00:00Z', REFUSALS.invalidParameter],
    ['market=KRW-BTC&cursor=abc', REFUSALS.wrongType],
  ])('%s is refused in the exchange’s words', (query, reply) => {
    expect(read(query)).toBe(reply);
  });
});
