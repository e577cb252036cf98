import { ManualClock } from '@candlekeep/clock';
import type { FetchJob, FetchOutcome } from '@candlekeep/jobs';
import { MINUTE } from '@candlekeep/live-candles';
import { type MarketCode, parseMarketCode } from '@candlekeep/market';
import { LogRecorder } from '../../../test/support/log-recorder';

import { PageRequests } from './page-requests';

const untilMs = Date.UTC(2026, 0, 3, 9);
const markets = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF', 'GG'].map((code) =>
  parseMarketCode(`KRW-${code}`),
);
const DONE: FetchOutcome = { kind: 'done', collapsed: false };

/** Requests that end when the test says so. */
function requests(hits: ReadonlyMap<MarketCode, number> = new Map()) {
  const asked: FetchJob[] = [];
  const ends: ((outcome: FetchOutcome | Error) => void)[] = [];
  const request = async (job: FetchJob): Promise<FetchOutcome> => {
    asked.push(job);
    return await new Promise((resolve, reject) => {
      ends.push((outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
    });
  };
  const list = async () =>
    await Promise.resolve(
      [...hits].map(([market, own]) => ({
        series: { market, timeframe: MINUTE },
        ...{ rows: 0, bytes: 0, hits: own, createdAtMs: 0, updatedAtMs: 0, usedAtMs: 0 },
      })),
    );
  const stop = new AbortController();
  const clock = new ManualClock(untilMs);
  const pages = new PageRequests({
    ...{ requester: { request }, window: { list }, clock },
    ...{ log: new LogRecorder(), signal: stop.signal },
  });
  const bring = async (market: MarketCode, isAfresh = false): Promise<void> => {
    await pages.bring({ series: { market, timeframe: MINUTE }, untilMs, isAfresh });
  };
  const end = async (outcome: FetchOutcome | Error): Promise<void> => {
    ends.shift()?.(outcome);
    await clock.advance(0);
  };
  const names = (): string[] => asked.map((job) => ('market' in job ? job.market : job.kind));
  return { bring, end, names, asked, clock, stop };
}

describe('pages that are to mend what the stream could not tell', () => {
  it('are asked for a few at once, then those of the most asked markets', async () => {
    const hits = new Map(markets.slice(4).map((market, index) => [market, index * 100]));
    const { bring, end, names, clock } = requests(hits);
    const all = Promise.all(
      markets.map(async (market) => {
        await bring(market);
      }),
    );
    await clock.advance(0);
    expect(names()).toHaveLength(4);
    await markets.reduce(async (before) => {
      await before;
      await end(DONE);
    }, Promise.resolve());
    await all;
    expect(names().slice(4)).toEqual(['KRW-GG', 'KRW-FF', 'KRW-EE']);
  });

  it('are asked for until word comes, and again some seconds after a refusal', async () => {
    const { bring, end, names, clock } = requests();
    const brought = bring(markets[0]!);
    await clock.advance(0);
    await end({ kind: 'no-word', collapsed: false });
    expect(names()).toHaveLength(2);
    await end(new Error('the exchange is away'));
    expect(names()).toHaveLength(2);
    await clock.advance(5_000);
    expect(names()).toHaveLength(3);
    await end(DONE);
    await brought;
  });

  it('say when they are asked for although they are known', async () => {
    const { bring, end, asked, clock } = requests();
    const brought = bring(markets[0]!, true);
    await clock.advance(0);
    await end(DONE);
    await brought;
    expect(asked).toEqual([
      { kind: 'page', market: 'KRW-AA', timeframe: '1m', untilMs, afresh: true },
    ]);
  });

  it('end with the term', async () => {
    const { bring, end, clock, stop } = requests();
    const brought = bring(markets[0]!);
    await clock.advance(0);
    const ended = expect(brought).rejects.toThrow('the term is over');
    stop.abort(new Error('the term is over'));
    await end({ kind: 'no-word', collapsed: false });
    await ended;
  });
});
