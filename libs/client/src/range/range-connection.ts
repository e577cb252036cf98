import type { IncomingMessage } from 'node:http';
import type { Candle } from '@candlekeep/market';
import { onAbort } from '../on-abort';
import { after } from '../time';
import type { GatewayDoor } from '../transport/gateway-door';
import { CsvCandles } from './csv-candles';

export interface RangePart {
  readonly path: string;
  /** Ends it at any time. */
  readonly signal: AbortSignal;
}

/** One connection over which a range comes as CSV. The gateway is read no faster than `next` is called. */
export class RangeConnection {
  private readonly csv = new CsvCandles();
  private readonly controller = new AbortController();
  private pieces: AsyncIterator<string> | undefined;

  constructor(
    private readonly door: GatewayDoor,
    private readonly part: RangePart,
  ) {}

  /**
   * The candles that came next, undefined at the end of the range. Rejects with `CandlekeepRequestFailed`, with the signal's reason, or
   * with `tooLate()` when nothing has come within `leftMs`.
   */
  async next(leftMs: number, tooLate: () => Error): Promise<readonly Candle[] | undefined> {
    this.part.signal.throwIfAborted();
    const callOff = after(leftMs, () => {
      this.controller.abort(tooLate());
    });
    const release = onAbort(this.part.signal, () => {
      this.controller.abort(this.part.signal.reason);
    });
    try {
      return await this.read();
    } catch (failure) {
      this.controller.signal.throwIfAborted();
      throw failure;
    } finally {
      callOff();
      release();
    }
  }

  close(): void {
    this.controller.abort();
  }

  private async read(): Promise<readonly Candle[] | undefined> {
    const { path } = this.part;
    this.pieces ??= piecesOf(await this.door.open({ path }, this.controller.signal));
    const piece = await this.pieces.next().catch((cause: unknown) => {
      throw this.door.broken(path, cause);
    });
    if (piece.done !== true) return this.csv.take(piece.value);
    if (this.csv.isWithinLine) throw this.door.broken(path, new Error('it ended within a line'));
    return undefined;
  }
}

function piecesOf(response: IncomingMessage): AsyncIterator<string> {
  response.setEncoding('utf8');
  return response.iterator();
}
