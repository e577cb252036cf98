import {
  followed as follow,
  marketOf,
  NOON_MS as START_MS,
  sightAt,
  tradeAt as trade,
} from '../testing/noon';
import { tradeFrame, TrueMarket } from '../testing/true-market';

const MINUTE_MS = 60_000;

const followed = (afterMs: readonly number[], untilMs: number) =>
  follow(marketOf(afterMs), untilMs);
describe('a live market', () => {
  it('judges minutes five seconds after their close, in order, each once', () => {
    const live = followed([1_000, 2_000, 130_000], 180_000);
    expect(live.judge(START_MS + 64_999)).toEqual([]);
    expect(live.judge(START_MS + 125_000).map(({ kind }) => kind)).toEqual(['traded', 'empty']);
    expect(live.judge(START_MS + 184_999)).toEqual([]);
    expect(live.judge(START_MS + 185_000)).toMatchObject([
      { kind: 'traded', row: { open: '5.00000000' } },
    ]);
  });

  it('takes a verdict back when a trade comes after it, and not when one is repeated', () => {
    const live = followed([1_000], 60_000);
    expect(live.judge(START_MS + 65_000)).toMatchObject([{ kind: 'traded' }]);
    live.hear(tradeFrame(trade(1_000), false), 66_000);
    expect(live.judge(START_MS + 66_000)).toEqual([]);
    live.hear(tradeFrame(trade(59_000), false), 67_000);
    const [again] = live.judge(START_MS + 67_000);
    expect(again).toMatchObject({ openMs: START_MS, kind: 'doubtful', reason: 'late trade' });
  });

  it('doubts all minutes since the last match when a ticker tells of a trade that never came', () => {
    const live = followed([1_000], 60_000);
    expect(live.judge(START_MS + 125_000)).toHaveLength(2);
    const lost = new TrueMarket([-90_000, 1_000, 150_000].map(trade)).frames(START_MS + 160_000);
    for (const { frame } of lost) if (frame.kind === 'ticker') live.hear(frame, 150_010);
    const doubts = live.judge(START_MS + 185_000);
    expect(doubts.map(({ openMs }) => (openMs - START_MS) / MINUTE_MS)).toEqual([0, 1, 2]);
    expect(new Set(doubts.map((verdict) => verdict.kind === 'doubtful' && verdict.reason))).toEqual(
      new Set(['hole in the day volume']),
    );
  });

  it('is surprised by silence after twenty traded minutes, until it is told what it was', () => {
    const busy = Array.from({ length: 21 }, (_, minute) => minute * MINUTE_MS + 1_000);
    const live = followed(busy, 25 * MINUTE_MS);
    const kinds = live.judge(START_MS + 23 * MINUTE_MS + 5_000).map(({ kind }) => kind);
    expect(kinds.slice(20)).toEqual(['traded', 'doubtful', 'doubtful']);
    live.found(START_MS + 21 * MINUTE_MS, undefined);
    expect(live.judge(START_MS + 24 * MINUTE_MS + 5_000)).toMatchObject([{ kind: 'empty' }]);
  });

  it('tells nothing more when the stream turns out to be deaf to the market', () => {
    const busy = Array.from({ length: 21 }, (_, minute) => minute * MINUTE_MS + 1_000);
    const live = followed(busy, 25 * MINUTE_MS);
    live.judge(START_MS + 22 * MINUTE_MS + 5_000);
    const openMs = START_MS + 21 * MINUTE_MS;
    live.found(openMs, new TrueMarket([trade(21 * MINUTE_MS)]).candle(openMs));
    expect(sightAt(live, 23 * MINUTE_MS)).toBeUndefined();
    expect(live.judge(START_MS + 24 * MINUTE_MS)).toEqual([]);
  });

  it('has no sight until the minute before has settled, or is final', () => {
    const live = followed([1_000], 4_000);
    expect(sightAt(live, 4_999)).toBeUndefined();
    expect(sightAt(live, 5_000)?.rows).toHaveLength(1);
    const mended = followed([1_000], 4_000);
    mended.finalUntil(START_MS);
    expect(sightAt(mended, 2_000)).toMatchObject({ fromMs: START_MS, asOfMonotonicMs: 2_000 });
  });

  it('shows a partly seen minute by its snapshot, and never calls it proven', () => {
    const live = followed([1_000], 60_000);
    live.restart(START_MS + 10_000);
    expect(sightAt(live, 20_000)).toBeUndefined();
    for (const frame of new TrueMarket([trade(1_000)]).snapshots(START_MS + 20_000)) {
      live.hear(frame, 20_000);
    }
    expect(sightAt(live, 20_000)?.rows).toHaveLength(1);
    expect(live.judge(START_MS + 65_000)).toMatchObject([{ reason: 'partly seen' }]);
  });
});
