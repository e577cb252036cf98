import type { Series } from '@candlekeep/market';
import type { Look } from '../series/followed-series';
import type { Following, SeriesWatch } from '../series/series-watch';
import { candleFrame } from '../wire/candle-frame';
import { Topic } from './topic';

/** Candles of one series as they are known here, in the frames that the exchange would send. */
export class CandleTopic extends Topic {
  private readonly following: Following;

  constructor(
    private readonly series: Series,
    private readonly watch: Pick<SeriesWatch, 'follow' | 'want'>,
  ) {
    super(`candle.${series.timeframe.code} ${series.market}`);
    this.following = watch.follow(series, {
      looked: (look) => {
        this.hear(look);
      },
    });
  }

  override close(): void {
    this.following.stop();
  }

  protected override bringSnapshot(): void {
    const { recentLook } = this.following;
    if (recentLook === undefined) this.watch.want(this.series);
    else this.tellState(candleFrame(this.series, recentLook.newest));
  }

  private hear({ changed, newest }: Look): void {
    for (const row of changed) this.tellNews(candleFrame(this.series, row));
    this.tellState(candleFrame(this.series, newest));
  }
}
