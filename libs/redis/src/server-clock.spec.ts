import { ManualClock } from '@candlekeep/clock';
import { ServerClock } from './server-clock';

const START_MS = Date.UTC(2026, 0, 3, 9);

/** A server whose replies take `way.ms`, and whose clock reads `aheadMs` more than ours when it is asked. */
function serverClock(aheadMs: number) {
  const clock = new ManualClock(START_MS);
  const way = { ms: 0 };
  let reads = 0;
  const readNow = async (): Promise<number> => {
    reads += 1;
    const nowMs = clock.nowMs() + aheadMs;
    if (way.ms > 0) await clock.advance(way.ms);
    return nowMs;
  };
  return { clock, way, reads: () => reads, server: new ServerClock(readNow, clock) };
}

describe('a server’s clock', () => {
  it('knows nothing before its first reading', () => {
    expect(serverClock(0).server.at(0)).toBeUndefined();
  });

  it('is carried on, early by the reply’s way and never late', async () => {
    const { clock, way, server } = serverClock(5_000);
    way.ms = 30;
    await server.update();
    await clock.advance(600);
    expect(server.at(clock.monotonicMs())).toBe(clock.nowMs() + 5_000 - 30);
  });

  it('is read once a second, however often it is to be', async () => {
    const { clock, reads, server } = serverClock(0);
    for (let i = 0; i < 10; i += 1) {
      await server.update();
      await clock.advance(250);
    }
    expect(reads()).toBe(3);
  });

  it('leaves a slow reading aside, but not for ever', async () => {
    const { clock, way, server } = serverClock(0);
    await server.update();
    way.ms = 2_500;
    await clock.advance(1_000);
    await server.update();
    expect(server.at(clock.monotonicMs())).toBe(clock.nowMs());
    await clock.advance(40_000);
    await server.update();
    expect(server.at(clock.monotonicMs())).toBe(clock.nowMs() - 2_500);
  });
});
