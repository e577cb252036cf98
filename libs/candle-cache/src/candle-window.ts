import path from 'node:path';
import type { Clock } from '@candlekeep/clock';
import { Coverage, type Series, seriesName, type TimeRange } from '@candlekeep/market';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import type { FinalPage } from './candle-store';
import type { Head, KnownCandles } from './known-candles';
import type { PageEvidence } from './page-evidence';
import { decodeRow, encodeRow } from './row-codec';

/** What L1 knows for one query, and the cache server's time at that moment (epoch ms). */
export interface WindowSight extends KnownCandles {
  readonly nowMs: number;
  /** Opens before this are not kept: the window is full of newer rows. 0 while it is not full. */
  readonly keptFromMs: number;
}

export interface CandleWindowOptions {
  /** Newest rows kept per series. Default 1,000: the 200 of one page cannot serve an EMA of 240. */
  readonly maxRows?: number;
  /** How long a series stays that nobody writes to, ms. Default 7 days. */
  readonly ttlMs?: number;
}

const MAX_ROWS = 1_000;
const TTL_MS = 7 * 24 * 3_600_000;

/** L1: the newest rows of each series in Redis, with what they cover and the head. One script each way. */
export class CandleWindow {
  private readonly maxRows: number;
  private readonly ttlMs: number;

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    options: CandleWindowOptions = {},
  ) {
    this.maxRows = options.maxRows ?? MAX_ROWS;
    this.ttlMs = options.ttlMs ?? TTL_MS;
  }

  /** The newest `limit` final rows that open before `beforeMs`, the series' coverage and head, all of one moment. */
  async read(series: Series, beforeMs: number, limit: number): Promise<WindowSight> {
    return await readWindow.run(this.redis, windowKeys(series), [beforeMs, limit, this.maxRows]);
  }

  /**
   * Puts a judged page, the newest knowledge of its range. `seenAtMs` is when the exchange was asked, by this cache server's
   * clock and rather too early than too late; it counts for the head only. Resolves with the series' new revision.
   */
  async put(evidence: PageEvidence, seenAtMs: number): Promise<number> {
    return await this.write(evidence, seenAtMs, 'replace');
  }

  /** Adds final rows that another tier knew; where the window covers already, it knows better. */
  async fill({ series, covered, rows }: FinalPage): Promise<number> {
    const evidence = { series, covered, finals: rows, claimsBeginning: false };
    return await this.write(evidence, 0, 'fill');
  }

  private async write(
    { series, covered, finals, head }: PageEvidence,
    seenAtMs: number,
    mode: 'replace' | 'fill',
  ): Promise<number> {
    return await putPage.run(this.redis, windowKeys(series), [
      this.clock.token(),
      this.maxRows,
      this.ttlMs,
      covered.fromMs,
      Math.max(covered.fromMs, covered.untilMs),
      head?.fromMs ?? '',
      Math.floor(seenAtMs),
      head?.rows.map(encodeRow).join('\n') ?? '',
      mode,
      ...finals.flatMap((row) => [row.openMs, encodeRow(row)]),
    ]);
  }
}

const readWindow = new LuaScript(path.join(__dirname, 'read-window.lua'), parseSight);
const putPage = new LuaScript(path.join(__dirname, 'put-page.lua'), Number);

function windowKeys(series: Series): readonly string[] {
  const name = seriesName(series);
  return [keys.seriesRows(name), keys.seriesMeta(name)];
}

function parseSight(reply: unknown): WindowSight {
  if (!Array.isArray(reply) || !Array.isArray(reply[5])) {
    throw new TypeError('read-window.lua gave a reply of another shape: is its version this one?');
  }
  const [nowMs, coverage, headFrom, headSeenAt, headRows] = reply.map(String);
  const head = parseHead(headFrom, headSeenAt, headRows);
  return {
    nowMs: Number(nowMs),
    keptFromMs: Number(reply[6]),
    coverage: parseCoverage(coverage),
    rows: reply[5].map(String).map(decodeRow),
    ...(head === undefined ? {} : { head }),
  };
}

function parseCoverage(text = ''): Coverage {
  const ranges = text.split(',').filter((range) => range !== '');
  return Coverage.of(ranges.map(parseRange));
}

function parseRange(text: string): TimeRange {
  const [fromMs, untilMs] = text.split(':').map(Number);
  return { fromMs: fromMs ?? 0, untilMs: untilMs ?? 0 };
}

function parseHead(fromMs = '', seenAtMs = '', rows = ''): Head | undefined {
  if (fromMs === '') return undefined;
  const lines = rows.split('\n').filter((line) => line !== '');
  return { fromMs: Number(fromMs), seenAtMs: Number(seenAtMs), rows: lines.map(decodeRow) };
}
