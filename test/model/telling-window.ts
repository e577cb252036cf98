import {
  CandleWindow,
  type FinalPage,
  type PageEvidence,
  type PageOrigin,
  type WindowChange,
  type WindowMetadata,
  type WindowQuery,
  type WindowSight,
  type WindowWish,
} from '@candlekeep/candle-cache';
import type { Series } from '@candlekeep/market';

/** L1, whose changes have been heard by everybody when a write of it is over. */
export class TellingWindow extends CandleWindow {
  constructor(
    private readonly window: CandleWindow,
    private readonly heard: () => Promise<readonly WindowChange[]>,
    private readonly tell: (changes: readonly WindowChange[]) => void,
  ) {
    super();
  }

  override read(queries: readonly WindowQuery[]): Promise<readonly WindowSight[]> {
    return this.window.read(queries);
  }

  override put(evidence: PageEvidence, origin: PageOrigin): Promise<void> {
    return this.telling(this.window.put(evidence, origin));
  }

  override fill(page: FinalPage, revision: number): Promise<void> {
    return this.telling(this.window.fill(page, revision));
  }

  override expectRevision(series: Series, revision: number): Promise<void> {
    return this.telling(this.window.expectRevision(series, revision));
  }

  override prefer(wishes: readonly WindowWish[]): Promise<void> {
    return this.window.prefer(wishes);
  }

  override list(): Promise<readonly WindowMetadata[]> {
    return this.window.list();
  }

  private async telling(write: Promise<void>): Promise<void> {
    try {
      await write;
    } finally {
      this.tell(await this.heard());
    }
  }
}
