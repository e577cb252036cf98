import { isDeepStrictEqual } from 'node:util';
import { type CandleAnswer, SETTLE_MS } from '@candlekeep/candle-cache';
import { type Candle, isoSeconds, seriesName } from '@candlekeep/market';
import type { DayRequest } from './day-work';
import type { DayWorld } from './day-world';

/** What an answer is worth. */
export type Verdict =
  /** Byte for byte what the exchange showed at the stated instant. */
  | 'exact'
  /** What it showed at a later instant, before the answer: newer than it says. */
  | 'newer'
  /** As one of these, but for the `timestamp` of a candle that is still forming. */
  | 'timestamp'
  | 'wrong';

/** Holds answers against what the exchange showed. */
export class AnswerJudge {
  readonly wrong: string[] = [];

  constructor(private readonly world: DayWorld) {}

  judge(request: DayRequest, answer: CandleAnswer, times: AnswerTimes): Verdict {
    const rows = this.judgeRows(request, answer, times.answeredMs);
    const asOfMs = answer.asOfMs;
    const isFresh = asOfMs >= times.askedMs - request.maxAgeMs && asOfMs <= times.answeredMs;
    const staleIfErrorMs = request.staleIfErrorMs ?? 0;
    const isLabelled =
      answer.insteadOfError && answer.staleMs > 0 && answer.staleMs <= staleIfErrorMs;
    if (rows !== 'wrong' && (isFresh || isLabelled)) return rows;
    const { source, ageMs, staleMs } = answer;
    const said = JSON.stringify({ source, ageMs, staleMs, ...times, asOfMs, rows });
    const truth = this.shown(request, asOfMs);
    const differs = answer.rows.findIndex((row, i) => !isDeepStrictEqual(row, truth[i]));
    const sample = JSON.stringify([answer.rows[differs], truth[differs]]);
    const at = isoSeconds(times.askedMs);
    this.wrong.push(
      `${seriesName(request.series)} × ${request.count} at ${at}: ${said} row ${differs} ${sample}`,
    );
    return 'wrong';
  }

  private judgeRows(request: DayRequest, { rows, asOfMs }: CandleAnswer, untilMs: number): Verdict {
    const stated = this.shown(request, asOfMs);
    if (isDeepStrictEqual(rows, stated)) return 'exact';
    const states = this.world.storedBetween(request.series.market, asOfMs, untilMs);
    const later = states.map((atMs) => this.shown(request, atMs));
    if (later.some((truth) => isDeepStrictEqual(rows, truth))) return 'newer';
    const isForming = ({ openMs }: Candle): boolean =>
      request.series.timeframe.closeOf(openMs) > asOfMs - SETTLE_MS;
    const untimed = (all: readonly Candle[]): Candle[] =>
      all.map((row) => (isForming(row) ? { ...row, timestampMs: 0 } : row));
    const seen = untimed(rows);
    const isSame = [stated, ...later].some((truth) => isDeepStrictEqual(seen, untimed(truth)));
    return isSame ? 'timestamp' : 'wrong';
  }

  private shown({ series, beforeMs, count }: DayRequest, atMs: number): Candle[] {
    return this.world.show(series, { beforeMs, count }, atMs);
  }
}

/** When a question was asked and answered, epoch ms. */
export interface AnswerTimes {
  readonly askedMs: number;
  readonly answeredMs: number;
}
