import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { FREE_PASS } from '../../access/stream-passes';
import { FollowedSeries } from '../series/followed-series';
import { EventStreams } from './event-streams';

const SERIES = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };

describe('the event streams of a gateway', () => {
  it('end one that was asked for before they closed and begins after it', async () => {
    const candles = { read: () => Promise.reject(new Error('nobody asks this')) };
    const followed = new FollowedSeries(SERIES, candles);
    const streams = new EventStreams({
      watch: { follow: () => ({ followed, recentLook: undefined, stop: () => undefined }) },
      candles,
      mayExist: () => Promise.resolve(true),
      ...{ clock: new ManualClock(), log: silentLogger },
    });
    await streams.close();
    let isEnded = false;
    const wire = { unsentBytes: 0, write: () => undefined, end: () => void (isEnded = true) };
    let isGivenBack = false;
    const pass = { ...FREE_PASS, end: () => void (isGivenBack = true) };
    const stop = streams.begin({ series: [SERIES], cursors: new Map(), wire, pass });
    expect([isEnded, streams.streamCount]).toEqual([true, 0]);
    stop();
    expect(isGivenBack).toBe(true);
  });
});
