import { ManualClock } from '@candlekeep/clock';
import { keys, serverTimeMs } from '@candlekeep/redis';
import { KEPT_NOTES } from '@candlekeep/usage';
import { MovableRedisTime } from '../support/movable-redis-time';
import { redisDatabases } from '../support/redis-databases';
import { redisUrl } from '../support/servers';
import { questionOf, UsageSides } from '../support/usage-sides';

const url = new URL(`/${redisDatabases.usage}`, redisUrl()).href;
const DAY = 24 * 3_600_000;

describe('the stream of usage notes', () => {
  let sides: UsageSides;
  beforeEach(async () => {
    sides = UsageSides.open(url);
    await sides.redis.flushdb();
  });
  afterEach(() => sides.close());

  const notes = keys.usageNotes;
  const range = (from: number, until: number) =>
    Array.from({ length: until - from }, (_, i) => from + i);
  const backs = (reading: { notes: readonly { back: number }[] }) =>
    reading.notes.map(({ back }) => back);

  it('brings what was asked, equal questions of one flush as one note', async () => {
    const recorder = sides.recorder();
    for (const back of [0, 1, 0, 0]) recorder.note(questionOf('desk', back));
    await recorder.close();
    const { notes: read, lost } = await sides.reader().read('0');
    expect(lost).toBe(0);
    expect(read).toMatchObject([
      { ...questionOf('desk', 0), times: 3 },
      { ...questionOf('desk', 1), times: 1 },
    ]);
  });

  it('says when a question was first asked, by the one clock of the server', async () => {
    const clock = new ManualClock();
    const recorder = sides.recorder(sides.redis, clock);
    recorder.note(questionOf('desk', 0));
    await clock.advance(200);
    recorder.note(questionOf('desk', 0));
    recorder.note(questionOf('desk', 1));
    await clock.advance(40);
    const before = await serverTimeMs(sides.redis);
    await recorder.close();
    const after = await serverTimeMs(sides.redis);
    const [first, second] = (await sides.reader().read('0')).notes;
    expect(first?.atMs).toBeGreaterThanOrEqual(before - 240);
    expect(first?.atMs).toBeLessThanOrEqual(after - 240);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBe(200);
  });

  it('is read in the order in which all gateways were asked', async () => {
    const clock = new ManualClock();
    // The server's time stands still as well, however long one gateway is told of after the other.
    const time = new MovableRedisTime(sides.redis, 'usage-order');
    await time.moveTo(await serverTimeMs(sides.redis));
    const open = () => sides.recorder(time.connection, clock);
    const [early, late] = [open(), open()];
    for (const back of range(0, 20)) {
      (back % 3 === 0 ? early : late).note(questionOf('desk', back));
      await clock.advance(10);
    }
    await late.close();
    await early.close();
    expect(backs(await sides.reader().read('0'))).toEqual(range(0, 20));
  });

  it('keeps the newest 1,000, for a fortnight', async () => {
    for (const batch of range(0, 3)) await sides.write('desk', batch * 450, (batch + 1) * 450);
    expect(await sides.redis.xlen(notes)).toBe(KEPT_NOTES);
    const ttlMs = await sides.redis.pttl(notes);
    expect(ttlMs).toBeGreaterThan(14 * DAY - 60_000);
    const { notes: read } = await sides.reader().read('0');
    expect(new Set(backs({ notes: read }))).toEqual(new Set(range(350, 1_350)));
  });

  it('tells how many notes were gone before they were read, whoever reads on', async () => {
    await sides.write('desk', 0, 300);
    const reader = sides.reader();
    const first = await reader.read('0');
    expect(first).toMatchObject({ lost: 0 });
    for (const batch of range(0, 3)) await sides.write('desk', batch * 500, (batch + 1) * 500);
    for (const successor of [reader, sides.reader()]) {
      const reading = await successor.read(first.lastId);
      expect(reading).toMatchObject({ lost: 500 });
      expect(reading.notes).toHaveLength(1_000);
      expect(await successor.read(reading.lastId)).toEqual({
        ...{ notes: [], lost: 0, lastId: reading.lastId, unreadable: 0 },
      });
    }
  });

  it('can be read once more from any place', async () => {
    await sides.write('desk', 0, 3);
    const reader = sides.reader();
    const first = await reader.read('0');
    await sides.write('desk', 3, 5);
    expect(backs(await reader.read(first.lastId))).toEqual([3, 4]);
    expect(backs(await reader.read(first.lastId))).toEqual([3, 4]);
    expect(backs(await reader.read('0'))).toEqual([0, 1, 2, 3, 4]);
    await expect(reader.read('yesterday')).rejects.toThrow(/"yesterday" is no place in the stream/);
  });

  it('skips what is no note, counts it, and says so once', async () => {
    await sides.write('desk', 0, 1);
    for (const question of ['', 'nonsense', 'desk KRW-BTC 15m 999 0 1000']) {
      await sides.redis.xadd(notes, '*', 'question', question, 'times', '1');
    }
    await sides.write('desk', 1, 2);
    const reader = sides.reader();
    const reading = await reader.read('0');
    expect([backs(reading), reading.unreadable]).toEqual([[0, 1], 3]);
    expect(sides.log.lines).toMatchObject([{ level: 'error', fields: { key: notes } }]);
  });

  it('that is gone has nothing, and is read on when it is made anew', async () => {
    await sides.write('desk', 0, 5);
    const reader = sides.reader();
    const { lastId } = await reader.read('0');
    await sides.redis.del(notes);
    expect(await reader.read(lastId)).toEqual({ notes: [], lastId, lost: 0, unreadable: 0 });
    await sides.write('desk', 5, 7);
    const anew = await reader.read(lastId);
    expect(anew).toMatchObject({ notes: [{ back: 5 }, { back: 6 }], lost: 0 });
    expect(backs(await reader.read(anew.lastId))).toEqual([]);
  });

  it('gives a flush once that was sent twice, and nothing again after its end was lost', async () => {
    await sides.write('desk', 0, 4);
    const reader = sides.reader();
    const { lastId } = await reader.read('0');
    await sides.write('desk', 4, 6);
    for (const [, fields] of await sides.redis.xrange(notes, lastId, '+')) {
      await sides.redis.xadd(notes, '*', ...fields);
    }
    const once = await reader.read(lastId);
    expect(backs(once)).toEqual([4, 5]);
    await sides.redis.xdel(notes, once.lastId);
    const shorter = await reader.read(once.lastId);
    expect(backs(shorter)).toEqual([]);
    await sides.write('desk', 6, 7);
    expect(backs(await reader.read(shorter.lastId))).toEqual([6]);
  });

  describe('on a server whose clock is moved', () => {
    it('has each note once and its true instant; a stream made anew then is read whole, once', async () => {
      const time = new MovableRedisTime(sides.redis, 'usage-clock');
      const now = await serverTimeMs(sides.redis);
      const writeAt = async (atMs: number, back: number) => {
        await time.moveTo(atMs);
        const recorder = sides.recorder(time.connection);
        recorder.note(questionOf('desk', back));
        await recorder.close();
      };
      const reader = sides.reader();
      await writeAt(now + DAY, 0);
      const ahead = await reader.read('0');
      await writeAt(now, 1);
      await writeAt(now + 1_000, 2);
      const back = await reader.read(ahead.lastId);
      expect(back).toMatchObject({ lost: 0, notes: [{ back: 1 }, { back: 2 }] });
      for (const [i, { atMs }] of back.notes.entries()) {
        expect(Math.abs(atMs - now - i * 1_000)).toBeLessThan(250);
      }
      await sides.redis.del(notes);
      await writeAt(now + 2_000, 3);
      await writeAt(now + 3_000, 4);
      const anew = await reader.read(back.lastId);
      expect(backs(anew)).toEqual([3, 4]);
      expect(await reader.read(anew.lastId)).toMatchObject({ notes: [], lastId: anew.lastId });
    });
  });
});
