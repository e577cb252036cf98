import { SystemClock } from '@candlekeep/clock';
import { HistoryQueue } from '@candlekeep/jobs';
import { silentLogger } from '@candlekeep/telemetry';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { HistoryDoor, type TaskWish } from '../support/history-door';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const DAY = 86_400_000;
const clock = new SystemClock();
/** Midnight so many days ago. */
const day = (daysAgo: number): string =>
  new Date(Math.floor(clock.nowMs() / DAY) * DAY - daysAgo * DAY).toISOString();
/** The instant so many minutes after another. */
const after = (iso: string, minutes: number): string =>
  new Date(Date.parse(iso) + minutes * 60_000).toISOString();

describe('the history of a market', () => {
  let house: House;
  let door: HistoryDoor;
  /** Seven days of minutes: 10,080 slots, all of them traded. */
  const week: TaskWish = { market: 'KRW-BTC', timeframe: '1m', from: day(9), to: day(2) };
  /** A day of it, for what need not take long. */
  const oneDay: TaskWish = { ...week, from: day(4), to: day(3) };

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.history });
    door = new HistoryDoor(() => house.gateways[0]!.url());
  });
  afterAll(async () => {
    await house.close();
  });

  /** The minute of `oneDay` so many minutes after its begin, at the gateway and at the exchange. */
  const bothSay = async (minutes: number): Promise<[string, string]> => {
    const to = after(oneDay.from, minutes + 1);
    const path = `/v1/candles/minutes/1?market=KRW-BTC&count=1&to=${to}`;
    const answers = [await house.ask(path), await house.askExchange(path)];
    return [answers[0]!.body, answers[1]!.body];
  };
  const whereMinute = (minutes: number): string =>
    `market = 'KRW-BTC' AND timeframe = '1m' AND open_time = '${after(oneDay.from, minutes)}'`;

  it('is brought in with one call for 200 minutes, while others are answered at once', async () => {
    let slowestMs = 0;
    const calls = await house.callsDuring(async () => {
      const { id } = await door.open('backfills', week);
      for (const unit of [3, 5, 10, 15, 30]) {
        const askedMs = clock.monotonicMs();
        const { status } = await house.ask(
          `/v1/candles/minutes/${unit}?market=KRW-ETH&count=200&to=${day(12)}`,
        );
        expect(status).toBe(200);
        slowestMs = Math.max(slowestMs, clock.monotonicMs() - askedMs);
      }
      expect((await door.look('backfills', id)).state).toBe('running');
      const ended = await door.untilEnded('backfills', id);
      expect(ended).toMatchObject({ state: 'done', pages: 51, calls: 51, cursor: week.from });
    });
    expect(slowestMs).toBeLessThan(3_000);
    expect(calls - 51).toBeGreaterThanOrEqual(1);
    expect(calls - 51).toBeLessThanOrEqual(5);
    expect((await house.witness()).rejected).toBe(0);
  });

  it('costs no call when it is there already', async () => {
    const again = await door.run('backfills', week);
    expect(again).toMatchObject({ state: 'done', pages: 0, calls: 0 });
  });

  it("is the exchange's own, row by row", async () => {
    const verified = await door.run('verifications', oneDay);
    expect(verified).toMatchObject({ state: 'done', verdict: 'equal', compared: 1_440, added: 0 });
    expect(verified).toMatchObject({ missing: 0, surplus: 0, different: 0, differences: [] });
  });

  it('is mended where it differs, and the verdict says exactly where', async () => {
    const [served] = await bothSay(100);
    await house.sql(`UPDATE candles SET close = close + 1 WHERE ${whereMinute(100)}`);
    await house.sql(`DELETE FROM candles WHERE ${whereMinute(300)}`);
    const verified = await door.run('verifications', oneDay);
    expect(verified).toMatchObject({ verdict: 'repaired', different: 1, missing: 1, surplus: 0 });
    expect(verified.compared).toBe(1_439);
    expect(verified.differences.map(({ open, kind }) => [open, kind]).sort()).toEqual([
      [after(oneDay.from, 100), 'different'],
      [after(oneDay.from, 300), 'missing'],
    ]);
    const [ours, theirs] = await bothSay(100);
    expect([ours, theirs]).toEqual([served, served]);
    expect(await door.run('verifications', oneDay)).toMatchObject({ verdict: 'equal' });
  });

  it('is looked at again without being asked, where it was read too soon', async () => {
    const [served] = await bothSay(500);
    await house.sql(`UPDATE candles SET volume = volume / 2 WHERE ${whereMinute(500)}`);
    await house.sql(
      `UPDATE coverage SET verified = verified - tstzmultirange(tstzrange('${after(oneDay.from, 480)}', '${after(oneDay.from, 520)}'))
        WHERE market = 'KRW-BTC' AND timeframe = '1m'`,
    );
    await reconcile();
    await waitFor(async () => {
      const totals: unknown = JSON.parse((await door.send('GET', '/api/reconciliation')).body);
      expect(totals).toMatchObject({ differences: 1, failures: 0 });
    }, 40_000);
    const [ours, theirs] = await bothSay(500);
    expect([ours, theirs]).toEqual([served, served]);
    expect(
      await house.sql(
        "SELECT 1 FROM coverage WHERE NOT verified @> ranges AND timeframe = '1m' AND market = 'KRW-BTC'",
      ),
    ).toEqual([]);
  });

  /** A round at once, whenever the last one was. */
  const reconcile = async (): Promise<void> => {
    const redis = house.redis.queue;
    await redis.del('{ck}:history:de:reconcile');
    const queue = new HistoryQueue({ redis, clock, log: silentLogger });
    expect(await queue.add({ kind: 'reconcile' })).toBe(true);
    await queue.close();
  };

  it('is asked for and verified from the command line', async () => {
    const range = ['--market', 'krw-btc', '--from', oneDay.from, '--to', oneDay.to];
    const backfill = await door.command('backfill', '--timeframe', '15m', ...range);
    expect(backfill).toMatchObject({ code: 0 });
    expect(backfill.output).toContain('done: 96 rows in 1 page, 1 call');
    const sound = await door.command('verify', ...range);
    expect(sound).toMatchObject({ code: 0 });
    expect(sound.output).toContain('1440 rows compared, 0 differences');
    await house.sql(`UPDATE candles SET turnover = 0 WHERE ${whereMinute(7)}`);
    const mended = await door.command('verify', ...range);
    expect(mended.code).toBe(1);
    expect(mended.output).toContain(`${after(oneDay.from, 7)} different`);
    expect(mended.output).toContain('verdict: the stored candles differed');
  });

  it('goes on when the person who asked for it leaves, and is found again', async () => {
    const args = ['--market', 'KRW-DOGE', '--from', week.from];
    const left = await door.interruptedCommand('backfill', ...args);
    expect(left).toMatchObject({ code: 130 });
    const [, id = ''] = /left running.*--cancel (\S+) ends it/.exec(left.output) ?? [];
    expect(await door.look('backfills', id)).toMatchObject({
      state: 'running',
      market: 'KRW-DOGE',
    });
    const again = await door.interruptedCommand('backfill', ...args);
    expect(again.output).toContain(`goes on as ${id}`);
    const cancelled = await door.command('backfill', '--cancel', id);
    expect(cancelled.output).toContain(`${id} is cancelled`);
  });

  it('is forgotten when told so', async () => {
    expect((await door.command('purge', '--market', 'KRW-BTC')).code).toBe(1);
    expect((await bothSay(9))[0]).toBe((await bothSay(9))[1]);
    const { code, output } = await door.command('purge', '--market', 'KRW-BTC', '--yes');
    expect(code).toBe(0);
    expect(output).toMatch(/\d+ rows of KRW-BTC in \d+ timeframes were removed/);
    const path = `/v1/candles/minutes/1?market=KRW-BTC&count=3&to=${oneDay.to}`;
    const cold = await house.ask(path);
    expect(cold.headers['cache-status']).toContain('fwd=miss');
    expect(cold.body).toBe((await house.askExchange(path)).body);
  });

  it('stops where a task is cancelled', async () => {
    const { id } = await door.open('backfills', { ...week, market: 'KRW-SOL' });
    await waitFor(async () => {
      expect((await door.look('backfills', id)).pages).toBeGreaterThan(1);
    });
    const { status } = await door.send('DELETE', `/api/backfills/${id}`);
    expect(status).toBe(200);
    const cancelled = await door.look('backfills', id);
    expect(cancelled.state).toBe('cancelled');
    const calls = await house.callsDuring(() => clock.sleep(1_000));
    expect(calls).toBeLessThanOrEqual(1);
    expect(await door.look('backfills', id)).toEqual(cancelled);
  });

  it('is listed with what L1 holds of it', async () => {
    await house.ask('/v1/candles/minutes/5?market=KRW-DOGE&count=200');
    const listed = z
      .array(
        z.looseObject({
          market: z.string(),
          timeframe: z.string(),
          rows: z.number(),
          bytes: z.number(),
        }),
      )
      .parse(JSON.parse((await door.send('GET', '/api/cache')).body));
    const series = listed.find(
      ({ market, timeframe }) => market === 'KRW-DOGE' && timeframe === '5m',
    );
    expect(series?.rows).toBeGreaterThanOrEqual(199);
    expect(series?.bytes).toBeGreaterThan(series?.rows ?? 0);
  });
});
