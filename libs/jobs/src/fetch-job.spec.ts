import { parseMarketCode } from '@candlekeep/market';
import { fetchId, type FetchJob, fetchJobSchema } from './fetch-job';

const series = { market: parseMarketCode('KRW-BTC'), timeframe: '5m' };
const untilMs = Date.UTC(2025, 8, 1);

describe('a fetch job', () => {
  it.each<[FetchJob, string]>([
    [{ kind: 'head', ...series, freshSinceMs: 1 }, 'KRW-BTC:5m:head'],
    [{ kind: 'page', ...series, untilMs }, `KRW-BTC:5m:page:${untilMs}`],
    [{ kind: 'page', ...series, untilMs, afresh: true }, `KRW-BTC:5m:page:${untilMs}:afresh`],
    [{ kind: 'fold', ...series, untilMs }, `KRW-BTC:5m:fold:${untilMs}`],
    [{ kind: 'markets', details: false, freshSinceMs: 1 }, 'markets:plain'],
  ])('survives the queue and has a name: %j', (job, id) => {
    expect(fetchJobSchema.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
    expect(fetchId(job)).toBe(id);
  });

  it('names equal needs alike, whenever they must have been seen', () => {
    const head = { kind: 'head', ...series } as const;
    expect(fetchId({ ...head, freshSinceMs: 1 })).toBe(fetchId({ ...head, freshSinceMs: 2 }));
  });

  it.each(['page', 'fold'])('refuses a %s that ends at no open of its timeframe', (kind) => {
    const job = { kind, ...series, untilMs: untilMs + 60_000 };
    expect(fetchJobSchema.safeParse(job).error?.message).toContain('opens no candle');
  });

  it('refuses markets and timeframes that are none', () => {
    const head = { kind: 'head', ...series, freshSinceMs: 1 };
    expect(fetchJobSchema.safeParse({ ...head, market: 'BTC' }).success).toBe(false);
    expect(fetchJobSchema.safeParse({ ...head, timeframe: '7m' }).success).toBe(false);
  });
});
