import { ManualClock } from '@candlekeep/clock';
import { LogRecorder } from '../../../test/support/log-recorder';
import { DroppedFetches } from './dropped-fetches';

describe('the word of dropped fetches', () => {
  const begun = () => {
    const [clock, log] = [new ManualClock(), new LogRecorder()];
    const dropped = new DroppedFetches({ clock, log });
    const drop = (times: number) => {
      for (let index = 0; index < times; index += 1) dropped.add('KRW-BTC:1m:head');
    };
    return { clock, log, dropped, drop };
  };

  it('comes with the first one, which it names', () => {
    const { log, drop } = begun();
    drop(1);
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { dropped: 1, first: 'KRW-BTC:1m:head' } },
    ]);
  });

  it('comes at most once a minute after that, with how many there were', async () => {
    const { clock, log, drop } = begun();
    drop(1_000);
    await clock.advance(59_999);
    expect(log.lines).toHaveLength(1);
    await clock.advance(1);
    drop(5);
    await clock.advance(60_000);
    expect(log.lines.map(({ fields }) => fields.dropped)).toEqual([1, 999, 5]);
  });

  it('begins anew after a minute without any', async () => {
    const { clock, log, drop } = begun();
    drop(1);
    await clock.advance(60_000);
    expect(log.lines).toHaveLength(1);
    drop(1);
    expect(log.lines).toHaveLength(2);
  });

  it('is not lost with a stop', async () => {
    const { clock, log, dropped, drop } = begun();
    drop(3);
    dropped.close();
    await clock.advance(60_000);
    expect(log.lines.map(({ fields }) => fields.dropped)).toEqual([1, 2]);
  });
});
