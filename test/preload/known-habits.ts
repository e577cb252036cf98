import { CandlekeepError } from '@candlekeep/market';
import { type Ask, Foreseer, queryOf } from '@candlekeep/preloader';
import { type Prediction, type PredictionWindow, UsageModel } from '@candlekeep/usage';
import { type Foresight, type ForesightParts, TICK_MS, type Variant } from './foresight';
import { type Expectation, SKIPPED } from './habits';

/** Who knows each habit as it was drawn, and how it spreads, from the first day on: what is out of reach of learning and of a call in ten in vain. */
export function knowsHabits(name: string, expectations: readonly Expectation[]): Variant {
  return { name, open: (parts) => new KnownHabits(new KnownModel(expectations), parts) };
}

/** A model that has nothing to learn. */
class KnownModel extends UsageModel {
  nowMs = 0;
  private readonly expectations: readonly Expectation[];

  constructor(expectations: readonly Expectation[]) {
    super();
    this.expectations = expectations.toSorted((a, b) => a.fromMs - b.fromMs);
  }

  override learn(): readonly Prediction[] {
    return [];
  }

  override predict({ fromMs, untilMs }: PredictionWindow): readonly Prediction[] {
    const first = this.firstFrom(fromMs);
    const found: Prediction[] = [];
    for (let index = first; index < this.expectations.length; index += 1) {
      const one = this.expectations[index];
      if (one === undefined || one.fromMs >= untilMs) break;
      if (one.knownMs <= this.nowMs) found.push(predictionOf(one));
    }
    return found;
  }

  private firstFrom(ms: number): number {
    let [low, high] = [0, this.expectations.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.expectations[middle]?.fromMs ?? Infinity) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class KnownHabits implements Foresight {
  private readonly foreseer: Foreseer;

  constructor(
    private readonly model: KnownModel,
    private readonly parts: ForesightParts,
  ) {
    this.foreseer = new Foreseer(model, { tickMs: TICK_MS });
  }

  async tick(nowMs: number): Promise<void> {
    this.model.nowMs = nowMs;
    await Promise.all(this.foreseer.due(nowMs).map((ask) => this.ask(ask, nowMs)));
  }

  private async ask(ask: Ask, nowMs: number): Promise<void> {
    const { house } = this.parts;
    const answered = house.predict(ask.series, queryOf(ask, nowMs).beforeMs);
    try {
      await house.askEarly(queryOf(ask, nowMs));
      answered(nowMs);
    } catch (error) {
      if (!(error instanceof CandlekeepError)) throw error;
    }
  }
}

function predictionOf(expectation: Expectation): Prediction {
  const { caller, series, count, maxAgeMs, beforeMs, fromMs, untilMs } = expectation;
  const { timeframe } = series;
  const isNewest = beforeMs > untilMs;
  const back = isNewest ? 0 : timeframe.slotOf(fromMs) + 1 - timeframe.slotOf(beforeMs);
  const reason = { kind: 'habit', everyMs: 0 } as const;
  return {
    caller,
    series,
    count,
    back: Math.max(0, back),
    maxAgeMs,
    fromMs,
    untilMs,
    probability: 1 - SKIPPED,
    reason,
  };
}
