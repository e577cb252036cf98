import { Timeframe } from '@candlekeep/market';
import type { SeededRandom } from './seeded-random';

/** A question in the exchange's form, good or bad. */
export interface Question {
  readonly path: string;
  /** Whether every candle of the answer is beyond change at `askedMs`; a refusal is. */
  isSettled(askedMs: number): boolean;
}

const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'];
const ODD_MARKETS = ['krw-btc', 'KRW-NOPE', 'KRW-BTC,KRW-ETH', 'BTC', 'KRW-', '', 'USDT-BTC'];
const ODD_COUNTS = ['0', '-1', 'abc', '1.5', '', '201', '500', '99999999999', '+5', '1e2'];
const ODD_INSTANTS = [
  'yesterday',
  '2025-02-31T00:00:00',
  '2025-01-01',
  '1757000000000',
  '2025-01-01T25:00:00Z',
  '2025-01-01T24:00:00',
];
const ODD_PATHS = ['minutes/2', 'minutes/120', 'minutes/x', 'minutes/', 'hours', 'minutes'];
const PATHS = new Map(
  Timeframe.ALL.map((timeframe) => [
    timeframe.kind === 'minute' ? `minutes/${timeframe.unit}` : `${timeframe.kind}s`,
    timeframe,
  ]),
);
const SETTLED_AFTER_MS = 20_000;

/** Questions of all kinds around a few instants, so that they overlap as calculators' questions do. */
export class RandomQuestions {
  private readonly anchorsMs: readonly number[];

  constructor(
    private readonly random: SeededRandom,
    private readonly nowMs: number,
  ) {
    const firstMs = Date.UTC(2017, 8, 20);
    this.anchorsMs = Array.from({ length: 10 }, () => random.between(firstMs, nowMs));
  }

  next(): Question {
    const { random } = this;
    if (random.chance(0.03)) return marketList(random);
    if (random.chance(0.04)) return refused(`/v1/candles/${random.pick(ODD_PATHS)}?market=KRW-BTC`);
    const [path, timeframe] = random.pick([...PATHS]);
    const parameters = new URLSearchParams();
    if (!random.chance(0.02)) parameters.set('market', this.market());
    if (random.chance(0.9)) parameters.set('count', this.count());
    const toMs = random.chance(0.75) ? this.instant(timeframe) : undefined;
    if (toMs !== undefined) parameters.set('to', this.spelled(toMs));
    if (random.chance(0.1))
      parameters.set('converting_price_unit', random.pick(['KRW', '', 'USD']));
    if (random.chance(0.05)) parameters.set('unit', '5');
    return {
      path: `/v1/candles/${path}?${parameters.toString()}`,
      isSettled: (askedMs) =>
        toMs !== undefined && toMs <= timeframe.floor(askedMs - SETTLED_AFTER_MS),
    };
  }

  private market(): string {
    return this.random.chance(0.06) ? this.random.pick(ODD_MARKETS) : this.random.pick(MARKETS);
  }

  private count(): string {
    const { random } = this;
    if (random.chance(0.08)) return random.pick(ODD_COUNTS);
    return String(random.chance(0.3) ? 200 : random.between(1, 200));
  }

  /** Mostly near an anchor, sometimes near now, on an open or between two. */
  private instant(timeframe: Timeframe): number {
    const { random } = this;
    const anchorMs = random.chance(0.2) ? this.nowMs : random.pick(this.anchorsMs);
    const openMs = timeframe.shift(anchorMs, random.between(-300, random.chance(0.1) ? 20 : 0));
    return random.chance(0.7) ? openMs : openMs + random.between(1, 59) * 1_000;
  }

  private spelled(epochMs: number): string {
    const { random } = this;
    if (random.chance(0.04)) return random.pick(ODD_INSTANTS);
    const utc = new Date(epochMs).toISOString().slice(0, 19);
    const kst = new Date(epochMs + 9 * 3_600_000).toISOString().slice(0, 19);
    return random.pick([utc, `${utc}Z`, utc.replace('T', ' '), `${utc}.000Z`, `${kst}+09:00`]);
  }
}

function refused(path: string): Question {
  return { path, isSettled: () => true };
}

function marketList(random: SeededRandom): Question {
  return refused(
    `/v1/market/all${random.pick(['', '?is_details=true', '?isDetails=true', '?is_details=false'])}`,
  );
}
