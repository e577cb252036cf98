import { type Candle, isoSeconds } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { FollowedMarket } from './followed-market';

/** A minute as the stream proved it, and as the exchange shows it; undefined without a trade. */
export interface CheckedMinute {
  readonly openMs: number;
  readonly proven: Candle | undefined;
  readonly own: Candle | undefined;
}

/** Holds a proven minute against the exchange's own row and counts the outcome; tells when a market is believed no more, or again. */
export function checkRow(
  market: FollowedMarket,
  { openMs, proven, own }: CheckedMinute,
  log: Logger,
): void {
  const { trust } = market;
  const wasDistrusted = trust.readEachClose;
  const agrees = trust.compare(proven, own);
  market.count('native');
  const fields = { market: market.market, minute: isoSeconds(openMs) };
  if (!agrees) {
    market.count('corrections');
    log.warn('the exchange shows a minute otherwise than its stream proved it', {
      ...{ ...fields, proven, own },
    });
  }
  if (trust.readEachClose === wasDistrusted) return;
  if (wasDistrusted) log.info('stream and exchange agree again: minutes are proven again', fields);
  else log.warn('too many corrections: each minute is read from the exchange now', fields);
}
