import type {
  CandleStore,
  CandleWindow,
  FinalPage,
  PageEvidence,
  PageOrigin,
  StoredCandles,
  StoreQuery,
  WindowQuery,
  WindowSight,
} from '@candlekeep/candle-cache';
import type { Series } from '@candlekeep/market';
import { GatedStore, GatedWindow } from './gated-tiers';
import { Stage } from './stage';

/** An L1 that calls an old head a little younger than it is. */
export class FlatteringWindow extends GatedWindow {
  constructor(window: CandleWindow) {
    super(window, new Stage());
  }

  override async read(queries: readonly WindowQuery[]): Promise<readonly WindowSight[]> {
    const sights = await super.read(queries);
    return sights.map(({ head, ...sight }) => {
      if (head === undefined) return sight;
      const seenAtMs = Math.max(head.seenAtMs, Math.min(head.seenAtMs + 2_000, sight.nowMs));
      return { ...sight, head: { ...head, seenAtMs } };
    });
  }
}

/** An L1 that knows no revisions of L2, and believes what it heard first. */
export class TimelessWindow extends GatedWindow {
  constructor(window: CandleWindow) {
    super(window, new Stage());
  }

  override async put(evidence: PageEvidence, origin: PageOrigin): Promise<void> {
    const { series, covered, finals } = evidence;
    await super.put({ ...evidence, covered: { fromMs: 0, untilMs: 0 }, finals: [] }, origin);
    if (finals.length > 0) await super.fill({ series, covered, rows: finals }, 1);
  }

  override async fill(page: FinalPage): Promise<void> {
    await super.fill(page, 1);
  }

  override async expectRevision(): Promise<void> {
    // Whatever it has stays.
  }
}

/** An L2 that loses one row of a page now and then, and says that it has everything. */
export class ForgetfulStore extends GatedStore {
  private reads = 0;

  constructor(store: CandleStore) {
    super(store, new Stage());
  }

  override async read(series: Series, query: StoreQuery): Promise<StoredCandles> {
    const known = await super.read(series, query);
    this.reads += 1;
    if (this.reads % 5 > 0) return known;
    return { ...known, rows: known.rows.filter((_row, i) => i !== 1) };
  }
}
