import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SystemClock } from '@candlekeep/clock';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { untilSecond } from '../support/live/live-scene';
import { type NeedSeen, PreloadDoor } from '../support/preload/preload-door';
import { redisDatabases } from '../support/redis-databases';
import { dailyStrategy, demoStrategy } from '../support/strategy-documents';

const DEMO = 'demo_7rule_btc';
const DAILY = 'daily_btc';
/** One look at the present, whatever timeframes it is for. */
const LOOK = '/v1/candles/minutes/1?market=KRW-BTC&count=200';
/** Of someone who takes what was seen within the minute. */
const PATIENT = { 'cache-control': 'max-age=60' };
const CALLER = { ...PATIENT, 'x-candlekeep-caller': 'desk' };
const CANDLES: Readonly<Record<string, string>> = {
  ...{ '1m': 'minutes/1', '5m': 'minutes/5', '15m': 'minutes/15', '60m': 'minutes/60' },
  '1d': 'days',
};
const rows = z.array(z.looseObject({ candle_date_time_utc: z.string() }));
const refusal = z.object({
  errors: z.array(z.object({ field: z.string(), expected: z.string() })).default([]),
});
const side = z.object({ market: z.string(), timeframe: z.string() });
const patterns = z.object({
  followers: z.array(
    z.looseObject({ caller: z.string(), after: side, next: side, probability: z.number() }),
  ),
});
const description = z.object({ paths: z.record(z.string(), z.unknown()) });
const clock = new SystemClock();

interface Asked {
  readonly path: string;
  readonly body: string;
  readonly source: string;
}

describe('what strategies need', () => {
  let house: House;
  let door: PreloadDoor;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.preload });
    door = new PreloadDoor(house);
    await door.untilPlan(() => true);
    // A gateway that hears of an unlisted market looks at the list, and can call such a market by its name from then on.
    expect((await house.ask('/v1/candles/days?market=KRW-NONE')).status).toBe(404);
  });
  afterAll(async () => {
    await house.close();
  });

  /** Asks as calculators do: of each need the newest rows, then older pages by `to`. */
  const askAll = async (needs: readonly NeedSeen[], headers: Record<string, string>) => {
    const asked: Asked[] = [];
    for (const { market, timeframe, candles } of needs) {
      let to = '';
      for (let left = candles; left > 0; left -= 200) {
        const path = `/v1/candles/${CANDLES[timeframe]}?market=${market}&count=${Math.min(left, 200)}${to}`;
        const { status, body, headers: said } = await house.ask(path, headers);
        asked.push({ path, body, source: `${status} ${String(said['cache-status'])}` });
        to = `&to=${rows.parse(JSON.parse(body)).at(-1)?.candle_date_time_utc}Z`;
      }
    }
    return asked;
  };

  it('is brought when one is activated: every question of its calculators finds it there', async () => {
    await untilQuiet();
    const { status, headers, kept } = await door.put(DEMO, demoStrategy, '?isActive=true');
    expect([status, headers.get('location')]).toEqual([201, `/api/strategies/${DEMO}`]);
    expect(kept).toMatchObject({ id: DEMO, isActive: true, document: demoStrategy });
    expect(kept.run).toMatchObject({ strategy: DEMO, state: 'running' });
    const ended = await door.untilEnded(kept.run?.id ?? '');
    expect(ended).toMatchObject({ state: 'done', total: 8, done: 8 });
    expect(ended.calls).toBeGreaterThan(0);
    expect(ended.calls).toBeLessThanOrEqual(8);

    const needs = await door.needs(DEMO);
    let asked: readonly Asked[] = [];
    const calls = await house.urlsDuring(async () => (asked = await askAll(needs, PATIENT)));
    const missed = asked.filter(({ source }) => !source.startsWith('200 candlekeep; hit'));
    const older = asked.filter(({ path }) => path.includes('to='));
    expect([asked.length, older.length]).toEqual([8, 3]);
    expect(missed.filter((one) => older.includes(one))).toEqual([]);
    expect(missed).toHaveLength(calls.length);
    expect([[], [LOOK]]).toContainEqual(calls);
    for (const { path, body } of older) {
      expect(body).toBe((await house.askExchange(path)).body);
    }
  });

  it('costs nothing where another strategy needs it already', async () => {
    const { status, kept } = await door.put(DAILY, dailyStrategy);
    expect([status, kept.isActive, kept.run]).toEqual([201, false, undefined]);
    const activated = await door.send('POST', `/api/strategies/${DAILY}/activate`);
    expect(activated.status).toBe(202);
    const [run] = await door.runs();
    expect(activated.headers.get('location')).toBe(`/api/preloads/${run?.id}`);
    const ended = await door.untilEnded(run?.id ?? '');
    expect(ended).toMatchObject({ strategy: DAILY, state: 'done', total: 1, done: 1, calls: 0 });
  });

  it('is explained, number by number', async () => {
    const needs = await door.needs(DEMO);
    const deep = needs.find(({ timeframe }) => timeframe === '60m');
    expect(needs.map(({ timeframe }) => timeframe)).toEqual(['1m', '5m', '15m', '60m', '1d']);
    expect(deep).toMatchObject({ market: 'KRW-BTC', candles: 466 });
    const [reason, ...more] = deep?.reasons ?? [];
    expect(more).toEqual([]);
    expect(reason).toMatchObject({
      ...{ where: 'management[2].conditions[0].external', variable: 'EMA 120', candles: 416 },
    });
    expect(reason?.because).toMatch(/415 candles leave a start-up error of 0.1 %; \+1 since/);
  });

  it('is shown as it is kept warm: by whom, why, and what comes round', async () => {
    const plan = await door.untilPlan(
      ({ warm, schedules }) =>
        warm.some(({ why }) => why.join().includes(DAILY)) && schedules.length > 2,
    );
    expect(plan.schedules.map(({ id }) => id).sort()).toEqual([
      ...['daily', 'hourly'],
      ...['15m', '1d', '1m', '5m', '60m'].map((timeframe) => `timeframe:${timeframe}`),
    ]);
    for (const { next } of plan.schedules) {
      expect(Date.parse(next)).toBeGreaterThan(Date.parse(plan.at) - 5_000);
    }
    expect(plan.owner).toMatch(/^.+:\d+$/);
    expect(plan.budget).toMatchObject({ perHour: 1_200 });
    expect(plan.warm.map(({ market, timeframe }) => `${market} ${timeframe}`)).toEqual(
      ['1m', '5m', '15m', '60m', '1d'].map((timeframe) => `KRW-BTC ${timeframe}`),
    );
    const why = plan.warm.map((series) => series.why.join());
    expect(why[3]).toBe(`strategies ${DEMO} need 466 candles`);
    expect(why[4]).toBe(`strategies ${DAILY}, ${DEMO} need 205 candles`);
    const expected = plan.upcoming.filter(({ timeframe }) => timeframe === '1m');
    expect(expected[0]).toMatchObject({ source: 'strategy', probability: 0.99 });
    expect(plan.runs.map(({ strategy, state }) => [strategy, state])).toEqual([
      ...[DAILY, DEMO].map((strategy) => [strategy, 'done']),
    ]);
  });

  it('is learned from whoever asks, by the name they give', async () => {
    const beganMs = clock.nowMs();
    const { notes } = (await door.untilPlan(({ at }) => Date.parse(at) > beganMs + 1_000)).counts;
    const ask = (candles: string) =>
      house.ask(`/v1/candles/${candles}?market=KRW-ETH&count=60`, CALLER);
    for (let round = 1; round <= 3; round += 1) {
      await ask('minutes/15');
      await ask('days');
      await door.untilPlan(({ counts }) => counts.notes === notes + 2 * round);
    }
    // Saved each half minute.
    await waitFor(async () => {
      const { body } = await door.send('GET', '/api/patterns');
      const followers = patterns.parse(body).followers.filter(({ caller }) => caller === 'desk');
      const known = followers.find(({ next }) => next.timeframe === '1d');
      expect(known).toMatchObject({
        after: { market: 'KRW-ETH', timeframe: '15m' },
        next: { market: 'KRW-ETH', timeframe: '1d' },
      });
    }, 60_000);
  });

  it('is let go when a strategy is deactivated or deleted', async () => {
    await door.put(DAILY, dailyStrategy, '?isActive=false');
    const { status } = await door.send('POST', `/api/strategies/${DEMO}/deactivate`);
    expect(status).toBe(200);
    expect((await door.strategies()).map(({ isActive }) => isActive)).toEqual([false, false]);
    const plan = await door.untilPlan(({ schedules }) => schedules.length === 2);
    expect(plan.warm.flatMap(({ why }) => why).join()).not.toContain('strategies');
    expect(plan.upcoming.filter(({ source }) => source === 'strategy')).toEqual([]);
    for (const id of [DEMO, DAILY]) {
      expect((await door.send('DELETE', `/api/strategies/${id}`)).status).toBe(204);
      expect((await door.send('GET', `/api/strategies/${id}`)).status).toBe(404);
      expect((await door.send('POST', `/api/strategies/${id}/activate`)).status).toBe(404);
    }
    expect(await door.strategies()).toEqual([]);
  });

  it('is refused when it cannot be understood, and every wrong field is named', async () => {
    const condition = { variable: 'RSX', operator: '<', value: 30 };
    const rules = { ...demoStrategy, entry: { type: 'any', conditions: [condition] } };
    const put = (document: unknown, type?: string) =>
      door.send('PUT', `/api/strategies/${DEMO}?isActive=true`, document, type);
    const unknown = await put(rules);
    expect(unknown.status).toBe(400);
    const [wrong, ...more] = refusal.parse(unknown.body).errors;
    expect([wrong?.field, more]).toEqual(['entry.conditions[0].variable', []]);
    expect(wrong?.expected).toMatch(/one of RSI, SMA, EMA, .*; "RSX" is none; did you mean RSI/);
    const unlisted = await put({ ...demoStrategy, market: 'KRW-NONE' });
    expect(unlisted.status).toBe(400);
    expect(refusal.parse(unlisted.body).errors).toEqual([
      { field: 'market', expected: 'expected a listed market; KRW-NONE is none' },
    ]);
    expect((await put(demoStrategy, 'text/plain')).status).toBe(415);
    expect((await door.send('GET', '/api/preloads/none')).status).toBe(404);
    expect(await door.strategies()).toEqual([]);
  });

  it('has all its doors described', async () => {
    const { body } = await door.send('GET', '/api/openapi.json');
    const strategy = '/api/strategies/{id}';
    expect(Object.keys(description.parse(body).paths)).toEqual(
      expect.arrayContaining([
        ...['/api/strategies', strategy, `${strategy}/activate`, `${strategy}/deactivate`],
        ...[`${strategy}/needs`, '/api/preloads', '/api/preloads/{id}', '/api/patterns'],
      ]),
    );
  });

  describe('is said by a folder too:', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'strategies-'));
    });
    afterEach(async () => {
      await rm(folder, { recursive: true });
    });
    const write = (file: string, document: object) =>
      writeFile(path.join(folder, file), JSON.stringify(document));
    const openWorker = () => house.openWorker('worker', { STRATEGIES_DIR: folder });

    it('a worker activates what is in it once, and overrules nobody at its next start', async () => {
      await write('trend.json', { ...demoStrategy, strategyId: 'trend', market: 'KRW-ETH' });
      await write('range.json', { ...dailyStrategy, symbol: 'KRW-ETH' });
      for (const worker of house.workers.splice(0)) expect(await worker.stop()).toBe(0);
      const first = await openWorker();
      expect((await door.strategies()).map(({ id, isActive }) => [id, isActive])).toEqual([
        ...['range', 'trend'].map((id) => [id, true]),
      ]);
      const opened = (await door.runs()).filter(({ strategy }) => /range|trend/.test(strategy));
      expect(opened).toHaveLength(2);
      for (const { id } of opened) expect((await door.untilEnded(id)).state).toBe('done');
      await door.send('POST', '/api/strategies/range/deactivate');
      const before = [await door.strategies(), await door.runs()];
      expect(await first.stop()).toBe(0);
      await openWorker();
      expect([await door.strategies(), await door.runs()]).toEqual(before);
    });

    it('a worker refuses to start with one that is wrong, and names file and field', async () => {
      await write('fine.json', dailyStrategy);
      await write('wrong.json', { ...dailyStrategy, RSI_period: 1 });
      const before = await door.strategies();
      const refused: unknown = await openWorker().catch((error: unknown) => error);
      const lines = String(refused).trim().split('\n');
      expect(lines[0]).toContain('worker ended at start');
      expect(lines.at(-1)).toBe(
        `the folder ${folder} is refused: wrong.json: RSI_period: expected a whole number from 2 to 240; 1 is none. Mend this and try again`,
      );
      expect(await door.strategies()).toEqual(before);
    });
  });
});

/** Away from the close of a minute, when its rows settle and calculators are expected. */
async function untilQuiet(): Promise<void> {
  const second = (clock.nowMs() / 1_000) % 60;
  if (second < 6 || second > 38) await untilSecond(6);
}
