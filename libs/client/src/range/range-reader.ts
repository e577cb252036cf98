import type { Candle } from '@candlekeep/market';
import type { CallLimits, SeriesName } from '../answers/candle-request';
import { waitBeforeRepeat } from '../asking/repeats';
import type { ClientSettings } from '../client-options';
import { CandlekeepRequestFailed } from '../request-failed';
import { chance, monotonicMs, sleep } from '../time';
import type { GatewayDoor } from '../transport/gateway-door';
import { RangeConnection } from './range-connection';

/** Candles that open in [fromMs, untilMs). */
export interface RangeRequest extends SeriesName, CallLimits {
  /** Epoch ms. */
  readonly fromMs: number;
  /** Epoch ms. Default: now. */
  readonly untilMs?: number | undefined;
  /** Only candles that can change no more; default false. */
  readonly closed?: boolean | undefined;
  /** How long the next candles may take, repeats included, ms, while somebody asks for them. Default: the client's `timeoutMs`. */
  readonly deadlineMs?: number | undefined;
}

export interface RangeParts {
  readonly door: GatewayDoor;
  readonly settings: Pick<ClientSettings, 'retries' | 'timeoutMs'>;
  /** Ends it at any time. */
  readonly signal: AbortSignal;
}

/** A walk over a range of any length: over one connection, and where that breaks over a new one, from the last candle on. */
export class RangeReader {
  private readonly share = chance();
  private readonly timeoutMs: number;
  private fromMs: number;
  /** When the time for the next candles is over, on the clock that nobody sets, ms. */
  private deadlineMs = 0;
  private repeated = 0;

  constructor(
    private readonly request: RangeRequest,
    private readonly parts: RangeParts,
  ) {
    this.timeoutMs = request.deadlineMs ?? parts.settings.timeoutMs;
    this.fromMs = request.fromMs;
  }

  /** Oldest first, each once. Ends with `CandlekeepRequestFailed`, or with the signal's reason. */
  async *candles(): AsyncGenerator<Candle, void, undefined> {
    this.giveTime();
    while (this.fromMs !== this.request.untilMs) {
      const connection = this.connect();
      try {
        let candles = await this.next(connection);
        while (candles !== undefined) {
          for (const candle of candles) yield candle;
          this.advance(candles.at(-1));
          candles = await this.next(connection);
        }
        return;
      } catch (failure) {
        await this.waitAfter(failure);
      } finally {
        connection.close();
      }
    }
  }

  private connect(): RangeConnection {
    const { door, signal } = this.parts;
    return new RangeConnection(door, { path: rangePath(this.request, this.fromMs), signal });
  }

  private async next(connection: RangeConnection): Promise<readonly Candle[] | undefined> {
    return await connection.next(this.deadlineMs - monotonicMs(), () => this.tooLate());
  }

  private advance(last: Candle | undefined): void {
    if (last === undefined) return;
    this.fromMs = last.openMs + 1;
    this.repeated = 0;
    this.giveTime();
  }

  private giveTime(): void {
    this.deadlineMs = monotonicMs() + this.timeoutMs;
  }

  /** Throws the failure where asking again is of no use, or no time is left for it. */
  private async waitAfter(failure: unknown): Promise<void> {
    const { settings, signal } = this.parts;
    const waitMs =
      this.repeated < settings.retries
        ? waitBeforeRepeat(failure, this.repeated, this.share)
        : undefined;
    if (waitMs === undefined || monotonicMs() + waitMs >= this.deadlineMs) throw failure;
    this.repeated += 1;
    await sleep(waitMs, signal);
  }

  private tooLate(): CandlekeepRequestFailed {
    return new CandlekeepRequestFailed(
      `no candle within ${this.timeoutMs} ms from ${rangePath(this.request, this.fromMs)}; give it more time (deadlineMs), or see the gateway's /health/ready`,
    );
  }
}

function rangePath(request: RangeRequest, fromMs: number): string {
  const { market, timeframe, untilMs, closed } = request;
  const parameters = new URLSearchParams({ market, timeframe, from: String(fromMs) });
  if (untilMs !== undefined) parameters.set('to', String(untilMs));
  if (closed !== undefined) parameters.set('closed', String(closed));
  parameters.set('format', 'csv');
  return `/api/candles?${parameters.toString()}`;
}
