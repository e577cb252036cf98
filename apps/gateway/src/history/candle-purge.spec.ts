import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { LogRecorder } from '../../../../test/support/log-recorder';
import { MemoryCandleWindow } from '../../../../test/support/memory-candle-window';
import { CandlePurge } from './candle-purge';

describe('a purge', () => {
  const market = parseMarketCode('KRW-X');
  const series = { market, timeframe: Timeframe.parse('1m') };

  it('that L1 does not hear of says what is gone and what to do, and has said it in the log', async () => {
    const window = new MemoryCandleWindow(new ManualClock());
    jest.spyOn(window, 'expectRevision').mockRejectedValueOnce(new Error('no connection'));
    const log = new LogRecorder();
    const store = { purge: () => Promise.resolve([{ series, rows: 7, revision: 2 }]) };
    const purging = new CandlePurge({ store, window, log });
    await expect(purging.purge(market)).rejects.toMatchObject({
      ...{ code: 'PURGED_HALFWAY', retryable: true },
      message:
        '7 rows of KRW-X are gone from L2; L1 was not told: purge again when REDIS_CACHE_URL answers',
    });
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { rows: 7 } }]);
    expect(await purging.purge(market)).toHaveLength(1);
  });
});
