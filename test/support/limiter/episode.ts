import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../app-process';
import { LimiterHouse, type LimiterHouseOptions } from './limiter-house';
import { distinctPages, PageLoad } from './page-load';
import { noteFigures } from './proof-figures';
import { proofSize } from './proof-size';
import { findRegainedMs, perSecondWithin } from './rates';

const clock = new SystemClock();
const AT_ONCE = 40;
/** From the first call on, until what was slow at the start is over. */
const WARM_UP_MS = 10_000;
const MEASURE_MS = 5_000;
const STRETCH_MS = 3_000;
/** Of the rate at first, when nothing had happened yet; a machine that runs other tests beside is not always as fast. */
const FULL_SPEED = proofSize({ short: 0.7, full: 0.9 });
/** Calls a second from which on a house counts as busy. */
const LEAST_RATE = proofSize({ short: 3, full: 7 });
/** What may be wrong just after a block began: calls that were under way already. */
const UNDER_WAY_MS = 1_000;
const MORE_THAN_ENOUGH_PAGES = 100_000;

/** Something that goes wrong while a house works as fast as it may. */
export interface Episode {
  readonly name: string;
  /** Begins it; resolves, perhaps later, with the moment at which what was wrong is over, epoch ms. */
  readonly begin: (house: LimiterHouse) => Promise<number>;
  /** How long full speed may take from then on, ms. */
  readonly withinMs: number;
}

/** A house under full load, to which one thing after the other happens. */
export class EpisodeStage {
  private constructor(
    private readonly limiterHouse: LimiterHouse,
    private readonly load: PageLoad,
    /** Calls a second before anything happened. */
    private readonly rate: number,
  ) {}

  static async open(options: LimiterHouseOptions): Promise<EpisodeStage> {
    const limiterHouse = await LimiterHouse.start(options);
    const load = new PageLoad(limiterHouse.house, distinctPages(MORE_THAN_ENOUGH_PAGES));
    load.start(AT_ONCE);
    try {
      return new EpisodeStage(limiterHouse, load, await fullRate(limiterHouse));
    } catch (error) {
      await limiterHouse.close();
      throw error;
    }
  }

  /** Lets it happen and waits until calls arrive as fast as before; rejects when that takes longer than the episode allows. */
  async play({ name, begin, withinMs }: Episode): Promise<void> {
    const { rate } = this;
    const { house } = this.limiterHouse;
    const startMs = clock.nowMs();
    const overMs = await begin(this.limiterHouse);
    let regainedMs: number | undefined;
    await waitFor(async () => {
      const wish = { sinceMs: overMs, rate: FULL_SPEED * rate, stretchMs: STRETCH_MS };
      regainedMs = findRegainedMs(await house.arrivals(), wish);
      expect(regainedMs).toBeDefined();
    }, withinMs);
    const answered = this.load.answers.find(({ atMs }) => atMs >= overMs);
    noteFigures('episodes', {
      episode: name,
      'lasted s': seconds(overMs - startMs),
      'first answer after it, s': seconds((answered?.atMs ?? NaN) - overMs),
      'full speed after it, s': seconds(regainedMs ?? NaN),
      'calls a second at first': rate.toFixed(1),
      'most in any second': (await house.witness()).maxPerSecond,
    });
  }

  /** What the exchange saw that no caller should do, calls left aside that were under way when a block began. */
  async violations(): Promise<readonly unknown[]> {
    const { violations } = await this.limiterHouse.house.witness();
    const blockedMs = violations.find(({ kind }) => kind === 'call-while-blocked')?.atMs ?? 0;
    return violations.filter(
      ({ kind, atMs }) => kind !== 'call-while-blocked' || atMs > blockedMs + UNDER_WAY_MS,
    );
  }

  async close(): Promise<void> {
    await this.load.stop();
    await this.limiterHouse.close();
  }
}

/** Calls a second, once they come as fast as they do in the long run. */
async function fullRate({ house }: LimiterHouse): Promise<number> {
  let rate = 0;
  await waitFor(async () => {
    const arrivals = await house.arrivals();
    const nowMs = clock.nowMs();
    expect(arrivals[0]).toBeLessThan(nowMs - WARM_UP_MS - MEASURE_MS);
    rate = perSecondWithin(arrivals, nowMs - MEASURE_MS, nowMs);
    expect(rate).toBeGreaterThan(LEAST_RATE);
  }, 60_000);
  return rate;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
