import { table } from '../live-day/day-report';
import { limiterFloor } from './limiter-floor';
import { find, LENGTH, MOST_WAIT_MS, play, print, termsOf } from './proof';
import { percent, within } from './proof-report';
import type { HouseRecord } from './preload-house';
import { ReplayBench } from './replay-bench';
import { figuresOf } from './replay-tally';
import { SCREEN_EVERY_MS, SCREENER_RUNS, screenerWork } from './works';

const MARKETS = 120;

describe('a screener', () => {
  let bench: ReplayBench;
  beforeAll(async () => {
    bench = await ReplayBench.open(LENGTH.tiers);
  });
  afterAll(async () => {
    await bench.close();
  });

  it(
    'takes no longer than the limiter takes, and then no call at all: C, a screener',
    async () => {
      const work = screenerWork();
      const floorMs = await limiterFloor(MARKETS, termsOf(bench));
      const played = await play(work, [{ name: 'none' }], bench);
      const runs = runsOf(find(played, 'none'), work.span.fromMs);
      print(
        table([
          ['run', 'calls', 'took', 'mean wait', `of the limiter's floor (${floorMs} ms)`],
          ...runs.map(({ count, calls, tookMs, meanMs }) => [
            ...[`1d × ${count}`, String(calls), `${tookMs} ms`, `${meanMs.toFixed(1)} ms`],
            percent(tookMs / floorMs),
          ]),
        ]),
      );
      expect(runs[0]?.tookMs).toBeLessThan(floorMs * 1.1);
      expect(runs.map(({ calls }) => calls)).toEqual([MARKETS, 0, 0, 0]);
    },
    MOST_WAIT_MS,
  );
});

function runsOf({ answers, calls }: HouseRecord, startMs: number) {
  return SCREENER_RUNS.map((count, run) => {
    const fromMs = startMs + run * SCREEN_EVERY_MS;
    const untilMs = fromMs + SCREEN_EVERY_MS;
    const own = within(answers, { fromMs, untilMs });
    const ends = own.map(({ question, waitMs }) => question.atMs + waitMs - fromMs);
    const made = calls.filter(({ sentMs }) => sentMs >= fromMs && sentMs < untilMs);
    const { meanMs } = figuresOf(own);
    return { count, calls: made.length, tookMs: Math.max(...ends), meanMs };
  });
}
