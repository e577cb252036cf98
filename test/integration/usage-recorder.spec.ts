import { SystemClock } from '@candlekeep/clock';
import { keys } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { questionOf, UsageSides } from '../support/usage-sides';

const DIFFERENT = 500;

describe('a recorder of usage', () => {
  let server: OwnQueueRedis;
  let sides: UsageSides;
  beforeEach(async () => {
    server = await OwnQueueRedis.start();
    sides = UsageSides.open(server.url);
    await sides.redis.ping();
  });
  afterEach(async () => {
    await sides.close();
    await server.close();
  });

  const levels = () => sides.log.lines.map(({ level }) => level);
  const backs = async () => (await sides.reader().read('0')).notes.map(({ back }) => back);

  it('writes by itself, what came together at once', async () => {
    const recorder = sides.recorder();
    for (const back of [0, 1, 2]) recorder.note(questionOf('desk', back));
    await waitFor(async () => {
      expect(await backs()).toEqual([0, 1, 2]);
    });
    expect(recorder.droppedCount).toBe(0);
  });

  it('passes on a sample of more different questions than a flush carries, and counts the others', async () => {
    const recorder = sides.recorder();
    for (let back = 0; back < 3 * DIFFERENT; back++) recorder.note(questionOf('desk', back));
    await recorder.close();
    expect(await sides.redis.xlen(keys.usageNotes)).toBe(DIFFERENT);
    expect(recorder.droppedCount).toBe(2 * DIFFERENT);
  });

  it('drops what is asked while the server is away, with one line when that begins and one when it ends', async () => {
    const recorder = sides.recorder();
    await server.kill();
    await waitFor(() => {
      recorder.note(questionOf('desk', 0));
      expect(recorder.droppedCount).toBeGreaterThan(1);
    });
    await server.bringBack();
    await waitFor(async () => {
      recorder.note(questionOf('desk', 1));
      expect(await backs()).toContain(1);
    });
    await waitFor(() => {
      expect(levels()).toEqual(['warn', 'info']);
    });
    expect(sides.log.lines[1]).toMatchObject({ fields: { dropped: recorder.droppedCount } });
  });

  it('stops within seconds when the server is away', async () => {
    const recorder = sides.recorder();
    recorder.note(questionOf('desk', 0));
    await server.kill();
    await recorder.close();
    expect(recorder.droppedCount).toBe(1);
  });

  it('piles nothing up in the connection to a server that hangs: one flush, then one ping at a time', async () => {
    const recorder = sides.recorder();
    const other = UsageSides.open(server.url);
    const scripts = jest.spyOn(sides.redis, 'evalsha');
    const pings = jest.spyOn(sides.redis, 'ping');
    await other.redis.client('PAUSE', 5_000, 'ALL');
    await other.close();
    const clock = new SystemClock();
    const stopAsking = clock.every(5, () => {
      recorder.note(questionOf('desk', 0));
    });
    await waitFor(() => {
      expect(levels()).toEqual(['warn', 'info']);
    }, 9_000);
    stopAsking();
    // One that hung, the text that the server had not heard of yet, and the one that ended it.
    expect(scripts.mock.calls.length).toBeLessThanOrEqual(3);
    expect(pings).toHaveBeenCalledTimes(1);
  }, 15_000);

  it('takes a question in within a fraction of what it costs to answer it', async () => {
    const recorder = sides.recorder();
    const questions = Array.from({ length: 400 }, (_, back) => questionOf('desk', back));
    /** Processor time, which other processes of the machine do not lengthen. */
    const measure = async (rounds: number) => {
      const before = process.cpuUsage();
      for (let i = 0; i < rounds; i++) for (const question of questions) recorder.note(question);
      const { user, system } = process.cpuUsage(before);
      const ns = ((user + system) * 1_000) / (rounds * questions.length);
      await waitFor(async () => {
        expect(await sides.redis.xlen(keys.usageNotes)).toBeGreaterThanOrEqual(400);
      });
      await sides.redis.del(keys.usageNotes);
      return Math.round(ns);
    };
    await measure(500);
    const [merged, different] = [await measure(1_000), await measure(1)];
    process.stdout.write(`ns per note(): ${merged} merged, ${different} new in its flush\n`);
    expect(recorder.droppedCount).toBe(0);
  });
});
