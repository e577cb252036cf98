import { ManualClock } from '@candlekeep/clock';
import { type Candle, foldInto, parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { z } from 'zod';
import { MemoryHouse } from '../../../../../test/support/memory-house';
import { ModelExchange } from '../../../../../test/support/model-exchange';
import { SeededRandom } from '../../../../../test/support/seeded-random';
import type { StreamPass } from '../../access/stream-passes';
import { SeriesWatch } from '../series/series-watch';
import { parseEventId } from './event-id';
import { EventStream, MOST_UNSENT_BYTES } from './event-stream';
import type { EventWire } from './event-wire';

type PageExchange = ConstructorParameters<typeof MemoryHouse>[0];

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 10, 12);
const market = parseMarketCode('KRW-BTC');
const MINUTES: Series = { market, timeframe: Timeframe.parse('1m') };
const FIVES: Series = { market, timeframe: Timeframe.parse('5m') };

const told = z.object({
  ...{ timeframe: z.string(), openMs: z.number(), volume: z.string() },
  ...{ final: z.boolean(), asOfMs: z.number() },
});

/** A client that may stop reading, and comes back with the id of the last event that it saw. */
class Client implements EventWire {
  unsentBytes = 0;
  lastId = '';
  readonly events: (z.infer<typeof told> & { readonly atMs: number })[] = [];
  readonly gaps: unknown[] = [];
  isCut = false;
  isRevoked = false;

  constructor(private readonly clock: ManualClock) {}

  write(text: string): void {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data === undefined) return;
    if (field('event') === 'revoked') this.isRevoked = true;
    else if (field('event') === 'gap') this.gaps.push(JSON.parse(data));
    else this.events.push({ ...told.parse(JSON.parse(data)), atMs: this.clock.monotonicMs() });
  }

  end(): void {
    this.isCut = true;
  }

  stall(): void {
    this.unsentBytes = MOST_UNSENT_BYTES + 1;
  }

  goOn(): void {
    this.unsentBytes = 0;
  }

  finals(timeframe: Timeframe) {
    return this.events.filter((event) => event.final && event.timeframe === timeframe.code);
  }
}

class Rig {
  readonly clock = new ManualClock(START_MS);
  readonly model: ModelExchange;
  readonly client = new Client(this.clock);
  private readonly watch: SeriesWatch;
  private stream: EventStream | undefined;
  readonly purse = { rows: Infinity, isValid: true };
  private readonly terms: StreamPass = {
    isValid: () => this.purse.isValid,
    mayTell: () => this.purse.rows > 0,
    pay: (candles) => {
      this.purse.rows -= candles;
    },
    end: () => undefined,
  };

  constructor(isTraded: (minute: number) => boolean) {
    const opens = Array.from({ length: 320 }, (_, i) => i - 220);
    const traded = opens.filter(isTraded).map((i) => START_MS + i * MINUTE_MS);
    this.model = new ModelExchange(MINUTES, traded);
    const house = new MemoryHouse(this.exchange(), this.clock);
    const directory = { heedUnknown: () => undefined };
    const { clock } = this;
    this.watch = new SeriesWatch({ candles: house.cache, directory, clock, log: silentLogger });
    this.watch.start();
    clock.every(1_000, () => this.stream?.tick());
    clock.every(200, () => this.stream?.endUnlessValid());
  }

  connect(): void {
    const { watch, clock, client } = this;
    const failures = { heed: () => undefined };
    const parts = { watch, failures, pass: this.terms, clock, log: silentLogger };
    const cursors = parseEventId(client.lastId);
    this.stream = new EventStream([MINUTES, FIVES], cursors, client, parts);
  }

  disconnect(): void {
    this.stream?.stop();
    this.stream = undefined;
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) await this.clock.advance(Math.min(left, 100));
  }

  /** What the exchange shows for good of candles that opened in the range, oldest first. */
  truth({ timeframe }: Series, fromMs: number, untilMs: number): Candle[] {
    const rows = this.show(timeframe, untilMs, untilMs + 3_600_000);
    return rows.filter(({ openMs }) => openMs >= fromMs);
  }

  private exchange(): PageExchange {
    return {
      getCandles: ({ series, toMs, count }) => {
        const nowMs = this.clock.nowMs();
        const candles = this.show(series.timeframe, toMs ?? Infinity, nowMs).slice(-count);
        const readAtMs = Math.floor(nowMs / 1_000) * 1_000;
        const askedMonotonicMs = this.clock.monotonicMs();
        return Promise.resolve({ candles, readAtMs, askedMonotonicMs });
      },
      forward: () => Promise.reject(new RangeError('nothing else is asked')),
    };
  }

  /** Oldest first. */
  private show(timeframe: Timeframe, beforeMs: number, nowMs: number): Candle[] {
    const minutes = this.model.answer({ beforeMs, count: 1_000 }, nowMs).reverse();
    return timeframe === MINUTES.timeframe ? minutes : foldInto(timeframe, minutes);
  }
}

/** Every final candle that was told, against what the exchange shows for good, from the first one on. */
function expectEveryFinal(rig: Rig, series: Series): void {
  const finals = rig.client.finals(series.timeframe);
  const fromMs = finals[0]?.openMs ?? 0;
  const untilMs = series.timeframe.floor(rig.clock.nowMs() - 10_000);
  const truth = rig.truth(series, fromMs, untilMs);
  expect(truth.length).toBeGreaterThan(2);
  expect(finals.map(({ openMs, volume }) => [openMs, volume])).toEqual(
    truth.map(({ openMs, volume }) => [openMs, volume]),
  );
}

describe('the events of a client', () => {
  it('tell every candle that became final, once, in order, as it stays for good', async () => {
    const rig = new Rig((minute) => minute % 7 !== 0 && minute % 11 !== 3);
    rig.connect();
    await rig.pass(30 * MINUTE_MS + 12_000);
    expectEveryFinal(rig, MINUTES);
    expectEveryFinal(rig, FIVES);
    expect(rig.client.gaps).toEqual([]);
  });

  it('tell the newest candle once a second at most, and not again once it is final', async () => {
    const rig = new Rig(() => true);
    rig.connect();
    await rig.pass(5 * MINUTE_MS);
    for (const { timeframe } of [MINUTES, FIVES]) {
      const events = rig.client.events.filter((event) => event.timeframe === timeframe.code);
      const forming = events.filter(({ final }) => !final);
      expect(forming.length).toBeGreaterThan(200);
      forming.slice(1).forEach((event, i) => {
        expect(event.atMs - (forming[i]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
      });
      const finalAt = new Map<number, number>();
      events.forEach(({ final, openMs }, i) => final && finalAt.set(openMs, i));
      events.forEach(({ final, openMs }, i) => {
        if (!final) expect(finalAt.get(openMs) ?? Infinity).toBeGreaterThan(i);
      });
    }
  });

  it.each([1, 2, 3])(
    'miss no final where the client stalls and comes back: seed %d',
    async (seed) => {
      const random = new SeededRandom(seed);
      const rig = new Rig((minute) => minute % 5 !== 2);
      rig.connect();
      for (let i = 0; i < 60; i++) {
        const chance = random.next();
        if (chance < 0.3) rig.client.stall();
        else if (chance < 0.6) rig.client.goOn();
        else if (chance < 0.8) {
          rig.disconnect();
          await rig.pass(Math.floor(random.next() * 100_000));
          rig.client.goOn();
          rig.connect();
        }
        await rig.pass(Math.floor(random.next() * 20_000));
        if (rig.client.isCut) rig.connect();
        rig.client.isCut = false;
      }
      rig.client.goOn();
      await rig.pass(12_000);
      expectEveryFinal(rig, MINUTES);
      expectEveryFinal(rig, FIVES);
    },
  );

  it('hold nothing back for a client that stalls, and cut it off after 30 s', async () => {
    const rig = new Rig(() => true);
    rig.connect();
    await rig.pass(3_000);
    rig.client.stall();
    const { length } = rig.client.events;
    await rig.pass(28_000);
    expect(rig.client.isCut).toBe(false);
    await rig.pass(4_000);
    expect(rig.client.isCut).toBe(true);
    expect(rig.client.events).toHaveLength(length);
  });

  it('are paid for, those that were missed too, and wait while there is nothing to pay them from', async () => {
    const rig = new Rig(() => true);
    rig.client.lastId = `KRW-BTC:1m=${(START_MS - 100 * MINUTE_MS) / 1_000},KRW-BTC:5m=${START_MS / 1_000}`;
    rig.purse.rows = 5;
    rig.connect();
    await rig.pass(20_000);
    expect(rig.client.finals(MINUTES.timeframe)).toHaveLength(99);
    const { length } = rig.client.events;
    expect(rig.purse.rows).toBe(5 - length);
    await rig.pass(50_000);
    expect(rig.client.events).toHaveLength(length);
    expect(rig.client.isCut).toBe(false);
    rig.purse.rows = 1_000;
    await rig.pass(3 * MINUTE_MS);
    expectEveryFinal(rig, MINUTES);
    expect(rig.purse.rows).toBe(1_000 - (rig.client.events.length - length));
  });

  it('end within a moment of the key, and say why', async () => {
    const rig = new Rig(() => true);
    rig.connect();
    await rig.pass(3_000);
    rig.purse.isValid = false;
    await rig.pass(200);
    expect([rig.client.isRevoked, rig.client.isCut]).toEqual([true, true]);
    const { length } = rig.client.events;
    await rig.pass(MINUTE_MS);
    expect(rig.client.events).toHaveLength(length);
  });
});
