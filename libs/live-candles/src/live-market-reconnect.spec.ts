import { followed, marketOf, NOON_MS as START_MS, sightAt } from '../testing/noon';

const MINUTE_MS = 60_000;
const busy = Array.from({ length: 40 }, (_, minute) => minute * MINUTE_MS + 1_000);
const truth = marketOf(busy);
const heardUntil = (untilMs: number) => followed(truth, untilMs);

describe('a live market on a new connection', () => {
  it('that tells nothing of it is neither seen nor proven empty, however much others move', () => {
    const live = heardUntil(30 * MINUTE_MS);
    live.judge(START_MS + 30 * MINUTE_MS);
    live.opened();
    live.restart(START_MS + 30 * MINUTE_MS + 20_000);
    for (let minute = 31; minute < 40; minute += 1) {
      expect(live.judge(START_MS + minute * MINUTE_MS + 5_000)).toEqual([]);
      expect(sightAt(live, minute * MINUTE_MS + 5_000)).toBeUndefined();
    }
  });

  it('is surprised by silence as it was before', () => {
    const live = heardUntil(30 * MINUTE_MS);
    live.judge(START_MS + 30 * MINUTE_MS);
    live.opened();
    for (const frame of truth.snapshots(START_MS + 30 * MINUTE_MS)) live.hear(frame, 0);
    live.restart(START_MS + 30 * MINUTE_MS);
    const verdicts = live.judge(START_MS + 33 * MINUTE_MS);
    expect(verdicts.map((verdict) => verdict.kind === 'doubtful' && verdict.reason)).toEqual([
      'surprising silence',
      'surprising silence',
    ]);
  });

  it('is not told by the snapshot of the connection before', () => {
    const live = heardUntil(5 * MINUTE_MS);
    for (const frame of truth.snapshots(START_MS + 5 * MINUTE_MS)) live.hear(frame, 0);
    live.opened();
    live.restart(START_MS + 6 * MINUTE_MS + 20_000);
    expect(sightAt(live, 6 * MINUTE_MS + 20_000)).toBeUndefined();
    for (const frame of truth.snapshots(START_MS + 6 * MINUTE_MS + 20_000)) live.hear(frame, 0);
    expect(sightAt(live, 6 * MINUTE_MS + 20_000)?.rows).toHaveLength(1);
  });

  it('takes an old snapshot for no late candle', () => {
    const live = heardUntil(2 * MINUTE_MS);
    live.opened();
    live.restart(START_MS + 30 * MINUTE_MS + 20_000);
    for (const frame of truth.snapshots(START_MS + 20 * MINUTE_MS)) live.hear(frame, 0);
    const verdicts = live.judge(START_MS + 31 * MINUTE_MS + 5_000);
    expect(verdicts).toMatchObject([
      { openMs: START_MS + 30 * MINUTE_MS, kind: 'doubtful', reason: 'partly seen' },
    ]);
  });
});
