import { ManualClock } from '@candlekeep/clock';
import { QueueTime } from './queue-time';

const READ_EVERY_MS = 5_000;

/** A queue server whose clock reads `server.aheadMs` more than ours. */
function open() {
  const clock = new ManualClock();
  const server = { aheadMs: 2_000, isAway: false, isSilent: false, reads: 0 };
  const readNow = async (): Promise<number> => {
    server.reads += 1;
    if (server.isSilent) await clock.sleep(60_000);
    if (server.isAway) throw new Error('the server is away');
    return clock.nowMs() + server.aheadMs;
  };
  const time = new QueueTime(readNow, clock);
  return { clock, server, time, aheadMs: () => time.nowMs() - clock.nowMs() };
}

describe('the time of the queue server', () => {
  it('is our own until the server has answered once', async () => {
    const { clock, aheadMs } = open();
    expect(aheadMs()).toBe(0);
    await clock.advance(0);
    expect(aheadMs()).toBe(2_000);
  });

  it('is read again every few seconds, in the background', async () => {
    const { clock, server, aheadMs } = open();
    await clock.advance(0);
    server.aheadMs = 2_007;
    await clock.advance(READ_EVERY_MS - 2);
    expect(aheadMs()).toBe(2_000);
    await clock.advance(2);
    expect([aheadMs(), server.reads]).toEqual([2_007, 2]);
  });

  it('goes on while the server is away', async () => {
    const { clock, server, aheadMs } = open();
    await clock.advance(0);
    server.isAway = true;
    await clock.advance(10 * READ_EVERY_MS);
    expect([aheadMs(), server.reads]).toEqual([2_000, 11]);
    server.isAway = false;
    server.aheadMs = 3_000;
    await clock.advance(READ_EVERY_MS);
    expect(aheadMs()).toBe(3_000);
  });

  it('waits for one answer at a time', async () => {
    const { clock, server } = open();
    await clock.advance(0);
    server.isSilent = true;
    await clock.advance(10 * READ_EVERY_MS);
    expect(server.reads).toBe(2);
  });

  it('is not read any more once it is closed', async () => {
    const { clock, server, time } = open();
    await clock.advance(0);
    await time.close();
    await clock.advance(10 * READ_EVERY_MS);
    expect(server.reads).toBe(1);
  });
});
