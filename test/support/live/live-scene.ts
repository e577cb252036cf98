import { SystemClock } from '@candlekeep/clock';
import { type LiveStatus, readStatus } from '@candlekeep/feed';
import { z } from 'zod';
import { waitFor } from '../app-process';
import type { House } from '../house';
import type { FigureRow } from '../limiter/proof-figures';
import { AnswerJudge, type Judgement } from './answer-judge';
import { ExchangeOracle } from './exchange-oracle';
import { countSources, type LiveAnswer, LiveCallers } from './live-callers';

const clock = new SystemClock();
const MINUTE_MS = 60_000;
const EVERY_MS = 700;

/** What callers of a market ask. */
export function questionsOf(market: string): string[] {
  return [
    `/v1/candles/minutes/1?market=${market}&count=20`,
    `/v1/candles/minutes/5?market=${market}&count=6`,
    `/v1/candles/minutes/15?market=${market}&count=4`,
    `/v1/candles/days?market=${market}&count=2`,
  ];
}

const storedRow = z.object({ open: z.coerce.number(), provenance: z.string() });
const covered = z.object({ whole: z.boolean() });

/** A house with live, its callers, and the exchange that their answers are held against. */
export class LiveScene {
  readonly oracle = new ExchangeOracle();
  readonly callers: LiveCallers;
  private readonly judge = new AnswerJudge(this.oracle);

  constructor(
    readonly house: House,
    markets: readonly string[],
  ) {
    let turn = 0;
    const ask = (path: string) => house.ask(path, {}, (turn += 1) % house.gateways.length);
    this.callers = new LiveCallers({ ask, paths: markets.flatMap(questionsOf), everyMs: EVERY_MS });
  }

  /** Judges answers: what is wrong with them, each with its question, and the figures of the judgement. */
  verdictOn(answers: readonly LiveAnswer[]): {
    readonly faults: readonly string[];
    readonly figures: FigureRow;
  } {
    const judgements = answers.map((answer) => this.judge.judge(answer));
    const faults = judgements.flatMap(describeFault);
    const tooYoung = judgements.map(({ tooYoungMs }) => tooYoungMs);
    const figures = {
      ...{ answers: answers.length, wrong: faults.length },
      exact: judgements.filter(({ isExact }) => isExact).length,
      'as-of too young': tooYoung.filter((ms) => ms > 0).length,
      'by at most, ms': Math.max(0, ...tooYoung),
      sources: JSON.stringify(countSources(answers)),
    };
    return { faults, figures };
  }

  async status(): Promise<LiveStatus | undefined> {
    return await readStatus(this.house.redis.queue);
  }

  /** Resolves with the status once it is as wanted. */
  async untilStatus(
    isWanted: (status: LiveStatus) => boolean,
    withinMs = 30_000,
  ): Promise<LiveStatus> {
    let found: LiveStatus | undefined;
    await waitFor(async () => {
      found = await this.status();
      if (found === undefined || !isWanted(found)) {
        throw new Error(`live is not as wanted: ${JSON.stringify(found)}`);
      }
    }, withinMs);
    if (found === undefined) throw new Error('there is no status');
    return found;
  }

  /** Closed minutes of a market in L2 with `[fromMs, untilMs)`, by open: where each is from. */
  async provenances(market: string, fromMs: number, untilMs: number): Promise<Map<number, string>> {
    const rows = await this.house.sql(
      `SELECT extract(epoch FROM open_time) * 1000 AS open, provenance FROM candles
        WHERE market = '${market}' AND timeframe = '1m' AND open_time >= to_timestamp(${fromMs / 1_000})
          AND open_time < to_timestamp(${untilMs / 1_000}) ORDER BY open_time`,
    );
    const known = z.array(storedRow).parse(rows);
    return new Map(known.map(({ open, provenance }) => [open, provenance]));
  }

  /** Whether L2 knows of each minute of `[fromMs, untilMs)` what it was. */
  async isWhole(market: string, fromMs: number, untilMs: number): Promise<boolean> {
    const rows = await this.house.sql(
      `SELECT ranges @> tstzrange(to_timestamp(${fromMs / 1_000}), to_timestamp(${untilMs / 1_000})) AS whole
         FROM coverage WHERE market = '${market}' AND timeframe = '1m'`,
    );
    return z.array(covered).parse(rows)[0]?.whole ?? false;
  }

  /** The exchange's own final rows of `[fromMs, untilMs)`, and ours of the same question. */
  async finalRows(market: string, fromMs: number, untilMs: number): Promise<[string, string]> {
    const count = (untilMs - fromMs) / MINUTE_MS;
    const to = new Date(untilMs).toISOString();
    const path = `/v1/candles/minutes/1?market=${market}&count=${count}&to=${to}`;
    return [(await this.house.ask(path)).body, this.oracle.bodyAt(path, clock.nowMs())];
  }
}

/** The process id of a leader: it calls itself by its host and this. */
export function processOf({ leader }: LiveStatus): number {
  return Number(leader.split(':').at(-1));
}

/** Resolves at a second of a minute of the machine's clock; at once when it is that second. */
export async function untilSecond(second: number): Promise<number> {
  const nowMs = clock.nowMs();
  const atMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + second * 1_000;
  const dueMs = atMs >= nowMs ? atMs : atMs + MINUTE_MS;
  await clock.sleep(dueMs - nowMs);
  return dueMs;
}

function describeFault({ answer, fault }: Judgement): string[] {
  if (fault === undefined) return [];
  const { path, askedMs, answeredMs, asOfMs, cacheStatus } = answer;
  const times = `asked ${askedMs}, answered ${answeredMs}, as of ${asOfMs}`;
  return [`${path} (${times}; ${cacheStatus}): ${fault}`];
}
