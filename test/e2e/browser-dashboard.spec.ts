import { Timeframe } from '@candlekeep/market';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { type Visit, Visitor } from '../support/browser';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const FIRST_SLOTS = 600;
const QUEUES = ['candles', 'folds', 'texts', 'preloads', 'history'];
const colourCount = z.number();
const openMs = Date.UTC(2026, 0, 1);

describe('the dashboard in a browser', () => {
  let house: House;
  let visitor: Visitor;
  let desk: Visit;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.dashboard, lives: 1 },
      environment: { LIVE_MARKETS: '*' },
    });
    visitor = await Visitor.start();
    await waitFor(async () => {
      expect((await house.ask('/api/live')).status).toBe(200);
    });
    desk = await visitor.visit(house.gateways[0]!.url(), '/admin');
  });
  afterAll(async () => {
    await visitor.close();
    await house.close();
  });

  const text = async (selector: string, page: Page = desk.page): Promise<string> =>
    await page.locator(selector).innerText();
  const slots = async (page: Page = desk.page): Promise<number> =>
    Number(await page.locator('#chart').getAttribute('data-slots'));
  /** How many colours a canvas shows: one that is blank shows one at most. */
  const colours = async (selector: string): Promise<number> =>
    colourCount.parse(
      await desk.page.evaluate(`(() => {
        const canvas = document.querySelector(${JSON.stringify(selector)});
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 4).join());
        return seen.size;
      })()`),
    );

  it('says that all is well when it is, and draws the chart', async () => {
    await waitFor(async () => {
      expect(await text('#verdict')).toBe('all is well');
      expect(await slots()).toBeGreaterThanOrEqual(FIRST_SLOTS);
    });
    expect(await colours('#chart canvas')).toBeGreaterThan(3);
    // A minute that has just begun has no trade yet.
    await waitFor(async () => {
      expect(await text('#legend')).toMatch(/open [\d,]+.*close [\d,]+.*forming/);
    });
  });

  it('moves with the exchange’s stream, without being asked', async () => {
    await waitFor(async () => {
      expect(await text('#heartbeat')).toBe('live');
    });
    const before = await text('#legend');
    await waitFor(async () => {
      expect(await text('#legend')).not.toBe(before);
    });
  });

  it('loads history when somebody scrolls back, and keeps what is seen in its place', async () => {
    const box = await desk.page.locator('#chart').boundingBox();
    const [x, y] = [box!.x + box!.width / 3, box!.y + 150];
    await desk.page.mouse.move(x, y);
    await waitFor(async () => {
      await desk.page.mouse.wheel(-1_500, 0);
      expect(await slots()).toBeGreaterThanOrEqual(FIRST_SLOTS + 1_000);
    });
    expect(await text('#trouble')).toBe('');
  });

  it('shows of each candle how it is known, and which slots are verified empty', async () => {
    await desk.page.selectOption('#market', 'KRW-KNC');
    await waitFor(async () => {
      expect(await text('#key')).toMatch(/confirmed by the exchange [1-9]/);
      expect(await text('#key')).toMatch(/verified empty \(low\) [1-9]/);
    });
    expect(await colours('#strip')).toBeGreaterThan(2);
    expect(await text('#kept')).toContain('Kept of KRW-KNC');
    await waitFor(async () => {
      expect(await text('#kept .body')).toMatch(/1m\s+since/);
    });
  });

  it('has something to say in every panel', async () => {
    await waitFor(async () => {
      expect(await text('#answers .body')).toMatch(/% ?of [1-9]\d* answers/);
      expect(await text('#saved .body')).toMatch(/each for itself [1-9]/);
    });
    expect(await desk.page.locator('#budget .slots span').count()).toBe(10);
    // Processes that have just begun come to say it one after the other.
    await waitFor(async () => {
      expect(await text('#budget')).toMatch(/open[^]*per minute\s+\d+ of 600/);
      for (const queue of QUEUES) expect(await text('#queues .body')).toContain(queue);
      expect(await text('#live')).toContain('steady');
      for (const market of ['KRW-BTC', 'KRW-ETH']) {
        expect(await text('#live')).toContain(market);
      }
      expect(await text('#strategies')).toContain('none yet');
      expect(await text('#upcoming')).toContain('hourly');
    }, 45_000);
  });

  it('shows another market and another timeframe at a click, and names them in its address', async () => {
    await desk.page.locator('#live tr', { hasText: 'KRW-ETH' }).click();
    await desk.page.locator('#timeframes button', { hasText: '1d' }).click();
    await waitFor(async () => {
      expect(await text('#heartbeat')).toBe('live');
      expect(desk.page.url()).toMatch(/#market=KRW-ETH&timeframe=1d$/);
    });
  });

  it('counts slots as the house does, months and years too', async () => {
    const counted = await desk.page.evaluate(`(async () => {
      const { shift, TIMEFRAMES } = await import('/admin/assets/slots.js');
      const far = [-250, -13, -1, 0, 1, 14, 200];
      return TIMEFRAMES.map((code) => far.map((slots) => shift(code, ${openMs}, slots)));
    })()`);
    const ours = Timeframe.ALL.map((timeframe) => {
      const far = [-250, -13, -1, 0, 1, 14, 200];
      const offsetMs = openMs - timeframe.floor(openMs);
      return far.map((slots) => timeframe.shift(openMs, slots) + offsetMs);
    });
    expect(counted).toEqual(ours);
  });

  it('draws a candle that begins, slots that were passed over, and an older one that is told anew', async () => {
    const drawn = await desk.page.evaluate(`(async () => {
      const { SeriesChart } = await import('/admin/assets/series-chart.js');
      const { SeriesData } = await import('/admin/assets/series-data.js');
      const candle = (minute, close) => ({
        ...{ openMs: ${openMs} + minute * 60_000, final: false, volume: '1' },
        ...{ open: '1', high: '9', low: '1', close: String(close) },
      });
      const data = new SeriesData('KRW-BTC', '1m');
      data.slots = [{ ...candle(0, 1), isEmpty: false, open: 1, high: 9, low: 1, close: 1 }];
      const chart = new SeriesChart(document.createElement('div'), {
        ...{ onView: () => undefined, onHover: () => undefined },
      });
      chart.show(data);
      for (const told of [candle(1, 2), candle(4, 3), candle(1, 5), candle(4, 6)]) {
        const newestMs = data.newest.openMs;
        data.take(told);
        chart.update(data, Math.min(newestMs, told.openMs));
      }
      return data.slots.map((_, index) => chart.candles.dataByIndex(index)?.close ?? null);
    })()`);
    expect(drawn).toEqual([1, 5, null, null, 6]);
  });

  it('asks nobody but the gateway, and keeps its own policy', () => {
    expect(desk.foreign).toEqual([]);
    expect(desk.errors).toEqual([]);
  });

  it('fits a phone', async () => {
    const phone = await visitor.visit(house.gateways[0]!.url(), '/admin', PHONE);
    await waitFor(async () => {
      expect(await text('#verdict', phone.page)).toBe('all is well');
      expect(await slots(phone.page)).toBeGreaterThanOrEqual(FIRST_SLOTS);
    });
    expect(await phone.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await phone.page.locator('#timeframes button', { hasText: '15m' }).tap();
    await waitFor(async () => {
      expect(await text('#timeframes [aria-pressed=true]', phone.page)).toBe('15m');
      expect(await text('#heartbeat', phone.page)).toBe('live');
    });
    expect([...phone.foreign, ...phone.errors]).toEqual([]);
    await phone.page.close();
  });

  it('says at its top when the exchange has blocked the house, and until when', async () => {
    await house.disturb({ kind: 'banned', blockMs: 4_000, match: { group: 'candles' } });
    await house.ask('/v1/candles/months?market=KRW-SOL&count=3');
    await waitFor(async () => {
      expect(await desk.page.locator('#verdict').getAttribute('data-level')).toBe('bad');
      expect(await text('#problems')).toMatch(/blocked by the exchange \(418\)/);
      expect(await text('#budget')).toMatch(/stopped: blocked/);
    });
    await house.calm();
  });

  it('says when the gateway itself is gone', async () => {
    await house.gateways[0]!.stop();
    await waitFor(async () => {
      expect(await text('#problems')).toContain('The gateway does not answer.');
    });
  });
});
