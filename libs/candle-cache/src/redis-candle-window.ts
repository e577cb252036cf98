import path from 'node:path';
import type { Clock } from '@candlekeep/clock';
import { type Series, seriesName } from '@candlekeep/market';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { type Logger, silentLogger } from '@candlekeep/telemetry';
import { assertToken, Deposed } from './cache-errors';
import type { FinalPage } from './candle-store';
import {
  CandleWindow,
  type PageOrigin,
  type WindowMetadata,
  type WindowQuery,
  type WindowSight,
  type WindowWish,
} from './candle-window';
import type { PageEvidence } from './page-evidence';
import { encodeRow } from './row-codec';
import { WindowBook } from './window-book';
import { WindowLedger } from './window-ledger';
import { parseReading } from './window-reading';
import { parsePut } from './window-state';
import { checkWishes } from './window-wish';
import { WindowWishes } from './window-wishes';

export interface RedisCandleWindowOptions {
  /** Newest rows kept of a series that nobody wishes for. Default 1,000: the 200 of one page cannot serve an EMA of 240. */
  readonly maxRows?: number;
  /** Measured memory of all windows of the server together. Default 100,000,000. */
  readonly maxBytes?: number;
  /** How long a series stays that nobody writes to, ms. Default 7 days. */
  readonly ttlMs?: number;
  /** Told what went wrong with the ledger, which no caller waits for. */
  readonly log?: Logger;
}

const MAX_ROWS = 1_000;
/** A thin series, read here and there, would else gather ranges without end. */
const MAX_RANGES = 64;
const MAX_BYTES = 100_000_000;
const TTL_MS = 7 * 24 * 3_600_000;

/** L1: the newest rows of each series in Redis, with what they cover and the head. One script each way; `close()` ends it. */
export class RedisCandleWindow extends CandleWindow {
  private readonly maxRows: number;
  private readonly ttlMs: number;
  private readonly ledger: WindowLedger;
  private readonly wishes: WindowWishes;

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    { maxRows, maxBytes, ttlMs, log }: RedisCandleWindowOptions = {},
  ) {
    super();
    this.maxRows = maxRows ?? MAX_ROWS;
    this.ttlMs = ttlMs ?? TTL_MS;
    const book = new WindowBook({
      redis,
      clock,
      maxBytes: maxBytes ?? MAX_BYTES,
      ttlMs: this.ttlMs,
    });
    this.wishes = new WindowWishes(redis);
    this.ledger = new WindowLedger({ book, clock, log: log ?? silentLogger });
  }

  /** One round trip: the commands leave together and each touches one hash tag, so that they may go to many servers. */
  override async read(queries: readonly WindowQuery[]): Promise<readonly WindowSight[]> {
    return await Promise.all(queries.map((query) => this.readOne(query)));
  }

  override async put(evidence: PageEvidence, origin: PageOrigin): Promise<void> {
    await this.write(evidence, origin, 'replace');
  }

  override async fill({ series, covered, rows }: FinalPage, revision: number): Promise<void> {
    const evidence = { series, covered, finals: rows, claimsBeginning: false };
    await this.write(evidence, { seenAtMs: 0, revision, provenance: 'native' }, 'fill');
  }

  override async expectRevision(series: Series, revision: number): Promise<void> {
    const covered = { fromMs: 0, untilMs: 0 };
    await this.fill({ series, covered, rows: [] }, revision);
  }

  override async prefer(wishes: readonly WindowWish[]): Promise<void> {
    checkWishes(wishes);
    await this.wishes.replace(wishes);
  }

  override async list(): Promise<readonly WindowMetadata[]> {
    return await this.ledger.list();
  }

  /** Writes down the reads that are not on the ledger yet. */
  async close(): Promise<void> {
    await this.ledger.close();
  }

  private async readOne({ series, ...query }: WindowQuery): Promise<WindowSight> {
    const { sight, readAtUs } = await readWindow.run(this.redis, keysOf(series), [
      query.beforeMs,
      Math.max(0, query.fromMs ?? 0),
      query.limit,
      this.maxRows,
      MAX_RANGES,
    ]);
    if (!sight.coverage.isEmpty || sight.head !== undefined) {
      this.ledger.noteHit(seriesName(series), readAtUs);
    }
    return sight;
  }

  private async write(
    { series, covered, finals, head }: PageEvidence,
    origin: PageOrigin,
    mode: 'replace' | 'fill',
  ): Promise<void> {
    const { fence } = origin;
    assertToken(fence);
    const outcome = await putPage.run(this.redis, keysOf(series), [
      this.clock.token(),
      this.maxRows,
      MAX_RANGES,
      this.ttlMs,
      mode,
      origin.revision ?? '',
      covered.fromMs,
      Math.max(covered.fromMs, covered.untilMs),
      head?.fromMs ?? '',
      Math.floor(origin.seenAtMs),
      origin.provenance,
      head?.rows.map(encodeRow).join('\n') ?? '',
      fence ?? '',
      keys.windowChanges(this.redis.options.db ?? 0),
      seriesName(series),
      ...finals.flatMap((row) => [row.openMs, encodeRow(row)]),
    ]);
    const name = seriesName(series);
    if (outcome.kind === 'deposed') throw new Deposed(`L1's window of ${name}`, fence, outcome);
    if (outcome.kind === 'measured') await this.ledger.noteWrite(name, outcome.state);
  }
}

const readWindow = new LuaScript(withKeptRows('read-window.lua'), parseReading, 'all');
const putPage = new LuaScript(withKeptRows('put-page.lua'), parsePut, 'all');

function withKeptRows(file: string): readonly string[] {
  return ['kept-rows.lua', file].map((name) => path.join(__dirname, name));
}

function keysOf(series: Series): readonly string[] {
  const name = seriesName(series);
  return [keys.seriesRows(name), keys.seriesMeta(name)];
}
