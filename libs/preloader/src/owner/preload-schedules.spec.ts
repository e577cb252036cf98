import { Timeframe } from '@candlekeep/market';
import { getNextMillis } from 'bullmq';
import { LEAD_MS, schedulesFor } from './preload-schedules';

const START_MS = Date.UTC(2024, 1, 27, 22, 13, 44);
/** Of each schedule's next runs. */
const RUNS = 400;

describe('schedules of preloading', () => {
  const closing = Timeframe.ALL.filter(({ kind }) => kind !== 'second');

  it.each(closing.map((timeframe) => [timeframe.code, timeframe] as const))(
    'of %s run shortly before every close, and at no other time',
    (code, timeframe) => {
      const own = schedulesFor([timeframe]).find(({ id }) => id === `timeframe:${code}`);
      let atMs = START_MS;
      for (let run = 0; run < RUNS; run += 1) {
        const closeMs = timeframe.ceil(atMs + LEAD_MS + 1);
        const next = getNextMillis(atMs, { pattern: own?.pattern ?? '', tz: 'UTC' });
        expect(next).toBe(closeMs - LEAD_MS);
        atMs = closeMs - LEAD_MS;
      }
    },
  );

  it('are one for each timeframe that is needed, and two for everything', () => {
    const [minute, day, second] = ['1m', '1d', '1s'].map((code) => Timeframe.parse(code));
    if (!minute || !day || !second) throw new Error('a timeframe is missing');
    const ids = schedulesFor([day, minute, day, second]).map(({ id }) => id);
    expect(ids).toEqual(['hourly', 'daily', 'timeframe:1d', 'timeframe:1m']);
  });
});
