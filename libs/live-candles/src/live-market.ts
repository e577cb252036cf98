import type { CandleFrame, TickerFrame, TradeFrame } from '@candlekeep/exchange-client';
import { SETTLE_MS } from '@candlekeep/candle-cache';
import type { Candle, MarketCode } from '@candlekeep/market';
import { DayVolumes } from './day-volumes';
import { heardTrade } from './heard-trade';
import type { LiveMinute } from './live-minute';
import { MinuteBook, MINUTE, MINUTE_MS } from './minute-book';
import { type MinuteSight, MinuteSights } from './minute-sight';
import type { Doubt, MinuteVerdict } from './minute-verdict';
import { OpenHoles } from './open-holes';
import { proveTraded } from './prove-traded';
import { SilenceWatch } from './silence-watch';
import { TRADE_PATIENCE_MS, type VolumeChain } from './volume-chain';

/** A market's minutes that are not final. */
export interface LiveSight {
  /** All rows that open from here on, epoch ms. */
  readonly fromMs: number;
  /** Oldest first. */
  readonly rows: readonly Candle[];
  /** As of when the rows tell everything, monotonic ms. */
  readonly asOfMonotonicMs: number;
}

/** What the stream tells of one market's minutes, and what it proves. Pure: every instant is passed in. */
export class LiveMarket {
  private readonly book = new MinuteBook();
  private readonly volumes = new DayVolumes();
  private readonly sights = new MinuteSights();
  private readonly holes = new OpenHoles();
  private readonly silence = new SilenceWatch();
  /** The minute in which the stream was whole again, and the first one that opened since; epoch ms. */
  private firstMs = Infinity;
  private wholeFromMs = Infinity;
  /** Verdicts were given on `[judgedFromMs, nextMs)`. */
  private judgedFromMs = Infinity;
  private nextMs = -Infinity;
  private finalMs = -Infinity;
  private isTold = false;
  /** A snapshot of a new connection comes before anything that tells since when the connection misses nothing. */
  private hasNewSnapshot = false;
  /** Whether a ticker of this market has come on this connection: else the connection may be deaf to it. */
  private isHeard = false;
  private readonly withdrawn = new Map<number, Doubt>();

  constructor(readonly market: MarketCode) {}

  /** A new connection: nothing is told before it has told where the market stands, and since when it misses nothing. */
  opened(): void {
    this.hasNewSnapshot = false;
    this.isTold = false;
    this.isHeard = false;
    this.firstMs = Infinity;
    this.wholeFromMs = Infinity;
  }

  /** Frames may have been lost: nothing that opened before `sinceMs`, exchange time, is known whole. */
  restart(sinceMs: number): void {
    this.wholeFromMs = MINUTE.ceil(sinceMs);
    this.beginAt(MINUTE.floor(sinceMs));
    this.isTold = this.hasNewSnapshot;
    this.hasNewSnapshot = false;
  }

  /**
   * Takes a frame of this market, in any order and any number of times. `heardAtMs` is the instant, monotonic ms, as of which it
   * speaks: what `StreamPulse.heard` said of it. Candles other than `candle.1m` are of no use and left out.
   */
  hear(frame: CandleFrame | TradeFrame | TickerFrame, heardAtMs: number): void {
    switch (frame.kind) {
      case 'candle':
        if (frame.timeframe === MINUTE) this.hearCandle(frame, heardAtMs);
        return;
      case 'trade':
        if (!frame.isSnapshot) this.hearTrade(frame, heardAtMs);
        return;
      case 'ticker':
        this.isHeard = true;
        this.volumes.hearTicker(frame, heardAtMs);
    }
  }

  /** All before `untilMs`, epoch ms, is final in the tiers. */
  finalUntil(untilMs: number): void {
    this.finalMs = Math.max(this.finalMs, MINUTE.floor(untilMs));
  }

  /**
   * What the exchange's own row of a doubtful minute turned out to be; undefined for none. It ends a doubt about silence: either the
   * market is silent, or the stream is deaf to it, and then nothing is told until the next ticker.
   */
  found(openMs: number, row: Candle | undefined): void {
    if (!this.silence.isBroken(openMs)) return;
    this.silence.begin();
    if (row !== undefined && (this.book.find(openMs)?.isSilent() ?? true)) this.volumes.forget();
  }

  /** Rows not final yet and the forming one; undefined while it cannot tell: no snapshot yet, or the minute before may still change. */
  sight(at: {
    readonly exchangeMs: number;
    readonly asOfMonotonicMs: number;
  }): LiveSight | undefined {
    this.noteHoles(at.exchangeMs);
    if (!this.canTell()) return undefined;
    if (this.finalMs < this.firstMs && at.exchangeMs < this.firstMs + SETTLE_MS) return undefined;
    const fromMs = Math.max(this.firstMs, this.finalMs, this.book.keptFromMs);
    const sights = this.book.from(fromMs).map((minute) => this.sightOf(minute));
    const lacksFromMs = Math.min(
      ...sights.map((sight) => sight.lacksFromMs),
      this.holes.lackFromMs(fromMs, this.book, this.volumes.unsettled()),
    );
    const rows = sights.flatMap(({ row }) => row ?? []);
    return { fromMs, rows, asOfMonotonicMs: Math.min(at.asOfMonotonicMs, lacksFromMs - 1) };
  }

  /**
   * Verdicts on minutes that closed `SETTLE_MS` ago or longer, in order, each once; one waits some seconds longer while a trade may
   * be on its way. Before them come verdicts that are withdrawn: what came later makes a judged minute doubtful.
   */
  judge(exchangeMs: number): MinuteVerdict[] {
    this.noteHoles(exchangeMs);
    if (!this.canTell()) {
      this.passOver(MINUTE.floor(exchangeMs - SETTLE_MS));
      return [];
    }
    const verdicts = this.takeWithdrawn();
    while (this.nextMs + MINUTE_MS + SETTLE_MS <= exchangeMs) {
      const openMs = this.nextMs;
      if (this.mayBeOnItsWay(openMs, exchangeMs)) break;
      const verdict = this.verdictOn(openMs);
      this.silence.noteMinute(openMs, this.book.find(openMs)?.isSilent() ?? true);
      this.nextMs += MINUTE_MS;
      verdicts.push(verdict);
    }
    return verdicts;
  }

  private hearCandle(frame: CandleFrame, heardAtMs: number): void {
    if (frame.isSnapshot) this.hasNewSnapshot = true;
    if (frame.isSnapshot || frame.openMs === this.firstMs) this.isTold = true;
    const isNews = this.book.hearCandle(frame, heardAtMs);
    if (isNews) this.withdraw(frame.openMs, 'late candle');
  }

  private hearTrade(frame: TradeFrame, heardAtMs: number): void {
    const trade = heardTrade(frame, heardAtMs);
    if (!this.book.hearTrade(trade)) return;
    this.volumes.hearTrade(trade);
    this.withdraw(MINUTE.floor(trade.tradedAtMs), 'late trade');
  }

  /** Only what was judged: minutes before that were left to the exchange. */
  private withdraw(openMs: number, reason: Doubt): void {
    if (openMs >= this.judgedFromMs && openMs < this.nextMs) this.withdrawn.set(openMs, reason);
  }

  private verdictOn(openMs: number): MinuteVerdict {
    const minute = this.book.find(openMs);
    const chain = this.chainAt(openMs);
    if (openMs < this.wholeFromMs) return this.doubt(openMs, 'partly seen');
    const waitsForTrades = chain !== undefined && isUnsettled(chain, MINUTE.closeOf(openMs));
    if (chain === undefined || !chain.covers(openMs) || waitsForTrades) {
      return this.doubt(openMs, 'hole in the day volume');
    }
    if (minute === undefined || minute.isSilent()) {
      if (this.silence.isSurprising()) return this.doubt(openMs, 'surprising silence');
      return { openMs, kind: 'empty' };
    }
    if (!minute.trades.every(({ isCounted }) => isCounted)) {
      return this.doubt(openMs, 'unconfirmed end');
    }
    const proof = proveTraded(minute, this.firstSentAfter(openMs));
    return proof.kind === 'traded' ? { openMs, ...proof } : this.doubt(openMs, proof.reason);
  }

  private doubt(openMs: number, reason: Doubt): MinuteVerdict {
    const minute = this.book.find(openMs);
    const row = minute === undefined ? undefined : this.sightOf(minute).row;
    return { openMs, kind: 'doubtful', reason, ...(row === undefined ? {} : { row }) };
  }

  private sightOf(minute: LiveMinute): MinuteSight {
    const { openMs } = minute;
    return this.sights.of(minute, this.isWhole(openMs) ? this.chainAt(openMs) : undefined);
  }

  private takeWithdrawn(): MinuteVerdict[] {
    const doubts = [...this.withdrawn].sort(([a], [b]) => a - b);
    this.withdrawn.clear();
    return doubts.map(([openMs, reason]) => this.doubt(openMs, reason));
  }

  private noteHoles(exchangeMs: number): void {
    for (const hole of this.volumes.takeHoles(exchangeMs)) {
      this.holes.note(hole);
      const fromMs = Math.max(MINUTE.floor(hole.afterMs), this.judgedFromMs, this.book.keptFromMs);
      const untilMs = Math.min(hole.untilMs + 1, this.nextMs);
      for (let openMs = fromMs; openMs < untilMs; openMs += MINUTE_MS) {
        this.withdrawn.set(openMs, 'hole in the day volume');
      }
    }
  }

  private mayBeOnItsWay(openMs: number, exchangeMs: number): boolean {
    const closeMs = openMs + MINUTE_MS;
    const chain = this.chainAt(openMs);
    if (chain === undefined || !isUnsettled(chain, closeMs)) return false;
    return exchangeMs < closeMs + SETTLE_MS + TRADE_PATIENCE_MS;
  }

  private firstSentAfter(openMs: number): number {
    const trades = this.book.find(openMs + MINUTE_MS)?.trades ?? [];
    return Math.min(Infinity, ...trades.map(({ sentAtMs }) => sentAtMs));
  }

  private chainAt(openMs: number): VolumeChain | undefined {
    return this.volumes.chainAt(openMs);
  }

  private isWhole(openMs: number): boolean {
    return openMs >= this.wholeFromMs;
  }

  /** A market whose first minute is whole missed nothing of it, and needs no snapshot to know. */
  private canTell(): boolean {
    if (!this.isHeard || !this.volumes.isBegun()) return false;
    return this.firstMs < Infinity && (this.isTold || this.isWhole(this.firstMs));
  }

  private passOver(openMs: number): void {
    if (this.firstMs < Infinity && openMs > this.firstMs) this.beginAt(openMs);
  }

  private beginAt(openMs: number): void {
    this.firstMs = openMs;
    this.nextMs = Math.max(this.nextMs, openMs);
    this.judgedFromMs = this.nextMs;
  }
}

/** Whether a trade that is not heard may have been executed before `closeMs`. */
function isUnsettled(chain: VolumeChain, closeMs: number): boolean {
  return chain.unsettled().length > 0 && chain.levelMs < closeMs;
}
