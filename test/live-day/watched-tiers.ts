import { isDeepStrictEqual } from 'node:util';
import type { PageEvidence, PageOrigin, ProvenPage, SavedPage } from '@candlekeep/candle-cache';
import type { ManualClock } from '@candlekeep/clock';
import { isoSeconds, type MarketCode, seriesName } from '@candlekeep/market';
import { MemoryCandleStore } from '../support/memory-candle-store';
import { MemoryCandleWindow } from '../support/memory-candle-window';
import type { DayWorld } from './day-world';

/** By then nothing of a candle changes any more, ms after its close. */
const LONG_SETTLED_MS = 10_000;

/** L2 that holds every page against the truth before it keeps it. */
export class WatchedStore extends MemoryCandleStore {
  /** What was kept and is not so. */
  readonly wrong: string[] = [];
  /** Rows that were replaced since the exchange showed others. */
  corrections = 0;

  constructor(
    clock: ManualClock,
    private readonly world: DayWorld,
  ) {
    super(clock);
  }

  override async save(page: ProvenPage): Promise<SavedPage> {
    const saved = await super.save(page);
    this.corrections += saved.corrections.length;
    const { series, covered, rows, provenance } = page;
    const rowsAsked = { beforeMs: covered.untilMs, count: rows.length + 1 };
    const settledMs = covered.untilMs + LONG_SETTLED_MS;
    const truth = this.world
      .show(series, rowsAsked, settledMs)
      .filter(({ openMs }) => openMs >= covered.fromMs)
      .reverse();
    if (!isDeepStrictEqual([...rows], truth)) {
      const at = `${isoSeconds(covered.fromMs)} to ${isoSeconds(covered.untilMs)}`;
      const what = `${provenance} ${JSON.stringify({ rows: rows.slice(-2), truth: truth.slice(-2) })}`;
      this.wrong.push(`${seriesName(series)} ${at} was kept wrongly: ${what}`);
    }
    return saved;
  }
}

/** L1 that tells when the stream has shown a market. */
export class WatchedWindow extends MemoryCandleWindow {
  onSight: (market: MarketCode, seenAtMs: number) => void = () => undefined;

  override async put(evidence: PageEvidence, origin: PageOrigin): Promise<void> {
    await super.put(evidence, origin);
    if (evidence.head !== undefined && origin.provenance === 'stream') {
      this.onSight(evidence.series.market, origin.seenAtMs);
    }
  }

  /** Loses everything, as a flushed server does. */
  async loseAll(): Promise<void> {
    for (const { series } of await this.list()) this.lose(series);
  }
}
