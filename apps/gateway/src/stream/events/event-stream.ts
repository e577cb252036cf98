import type { FailureLog } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { type Series, seriesName } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { Finals, Look } from '../series/followed-series';
import type { Following, SeriesWatch } from '../series/series-watch';
import type { StreamPass } from '../../access/stream-passes';
import { type Cursors, eventId } from './event-id';
import { candleEvent, gapEvent, REVOKED_EVENT } from './event-text';
import type { EventWire } from './event-wire';

export interface EventStreamParts {
  readonly watch: Pick<SeriesWatch, 'follow'>;
  readonly failures: Pick<FailureLog, 'heed'>;
  /** On what terms the client follows. */
  readonly pass: StreamPass;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Told {
  readonly following: Following;
  readonly name: string;
  /** Candles that open before this were told as final, epoch ms; undefined until the first look. */
  cursorMs: number | undefined;
  /** A newer state of the newest row waits for room. */
  hasNews: boolean;
  isCatchingUp: boolean;
}

/** With so much unsent, nothing more is written, bytes. */
export const MOST_UNSENT_BYTES = 64 * 1_024;
const STUCK_MS = 30_000;
const RETRY_MS = 2_000;
const UNTOLD = 'final candles could not be read for a client of events; it is told them later';

/**
 * One client's events. What it has been told is a cursor a series, and the rest can be read again: to a slow client nothing is held
 * back, it is told of the newest state, and of the finals from its cursor on, once there is room.
 */
export class EventStream {
  private readonly told: readonly Told[];
  private stuckSinceMs: number | undefined;
  private isOver = false;

  constructor(
    series: readonly Series[],
    cursors: Cursors,
    private readonly wire: EventWire,
    private readonly parts: EventStreamParts,
  ) {
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.told = series.map((one) => this.follow(one, cursors.get(seriesName(one))));
    for (const told of this.told) this.settle(told);
  }

  /** Says that the stream is alive. */
  beat(): void {
    if (this.hasRoom) this.write(': \n\n');
  }

  /** Goes on where there was no room; cuts off a client that has taken nothing for 30 s. To be called every second. */
  tick(): void {
    if (this.hasRoom) {
      this.stuckSinceMs = undefined;
      for (const told of this.told) this.settle(told);
      return;
    }
    const nowMs = this.parts.clock.monotonicMs();
    this.stuckSinceMs ??= nowMs;
    if (nowMs - this.stuckSinceMs < STUCK_MS) return;
    this.parts.log.info('a client of events did not read for 30 s: it is cut off');
    this.stop();
    this.wire.end(true);
  }

  /** Ends what goes on no more: the client's key was revoked. To be called several times a second. */
  endUnlessValid(): void {
    if (this.isOver || this.parts.pass.isValid()) return;
    const takesNone = !this.hasRoom;
    if (!takesNone) this.write(`${REVOKED_EVENT}\n`);
    this.stop();
    this.wire.end(takesNone);
  }

  /** The gateway stops: the client comes back with the id of its last event. */
  end(): void {
    this.stop();
    this.wire.end(false);
  }

  /** The client has gone. */
  stop(): void {
    this.isOver = true;
    for (const { following } of this.told) following.stop();
  }

  private get hasRoom(): boolean {
    return !this.isOver && this.wire.unsentBytes <= MOST_UNSENT_BYTES;
  }

  /** What is not paid for now is told later, as what finds no room. */
  private get mayTell(): boolean {
    return this.hasRoom && this.parts.pass.mayTell();
  }

  private follow(series: Series, cursorMs: number | undefined): Told {
    const following = this.parts.watch.follow(series, {
      looked: ({ changed }) => {
        if (changed.length > 0) told.hasNews = true;
        this.settle(told);
      },
      becameFinal: (finals) => {
        if (told.cursorMs === finals.fromMs && !told.isCatchingUp && this.mayTell) {
          this.tellFinals(told, finals);
        } else this.settle(told);
      },
    });
    const told: Told = {
      ...{ following, name: seriesName(series), hasNews: true, isCatchingUp: false },
      cursorMs: cursorMs === undefined ? undefined : series.timeframe.ceil(cursorMs),
    };
    return told;
  }

  /** Tells what is not told yet: finals first, then the newest row. */
  private settle(told: Told): void {
    const { lastLook, finalUntilMs } = told.following.followed;
    if (lastLook === undefined || finalUntilMs === undefined || !this.mayTell) return;
    if (told.cursorMs === undefined) this.begin(told, lastLook, finalUntilMs);
    if (told.isCatchingUp) return;
    if ((told.cursorMs ?? 0) < finalUntilMs) {
      told.isCatchingUp = true;
      void this.catchUp(told, finalUntilMs);
    } else if (told.hasNews) this.tellNewest(told, lastLook);
  }

  /** A new client begins with the newest candle, final or not. */
  private begin(told: Told, { newest }: Look, finalUntilMs: number): void {
    told.cursorMs = Math.min(newest.openMs, finalUntilMs);
    this.write(`id: ${this.id}\n\n`);
  }

  /** What cannot be read now is tried again at the next tick. */
  private async catchUp(told: Told, untilMs: number): Promise<void> {
    const { followed } = told.following;
    const finals = await followed
      .finals(told.cursorMs ?? untilMs, untilMs)
      .catch((error: unknown) => {
        this.parts.failures.heed(UNTOLD, error);
        return undefined;
      });
    told.isCatchingUp = false;
    if (finals === undefined || !this.mayTell) return;
    this.tellFinals(told, finals);
    this.settle(told);
  }

  private tellFinals(told: Told, { fromMs, untilMs, rows, toldFromMs }: Finals): void {
    const { series } = told.following.followed;
    const asOfMs = told.following.followed.lastLook?.asOfMs ?? untilMs;
    if (toldFromMs !== undefined) {
      told.cursorMs = toldFromMs;
      this.write(`id: ${this.id}\n${gapEvent(series, { fromMs, untilMs: toldFromMs })}\n`);
    }
    for (const row of rows) {
      told.cursorMs = series.timeframe.closeOf(row.openMs);
      const event = candleEvent({ series, row, isFinal: true, asOfMs });
      this.write(`id: ${this.id}\n${event}\n`);
    }
    told.cursorMs = untilMs;
    if (rows.length > 0) this.parts.pass.pay(rows.length);
  }

  /** A row that was told as final is not told again. */
  private tellNewest(told: Told, { newest: row, asOfMs }: Look): void {
    told.hasNews = false;
    if (row.openMs < (told.cursorMs ?? 0)) return;
    const { series } = told.following.followed;
    this.write(`${candleEvent({ series, row, isFinal: false, asOfMs })}\n`);
    this.parts.pass.pay(1);
  }

  private get id(): string {
    const reached = this.told.flatMap(({ name, cursorMs }) =>
      cursorMs === undefined ? [] : [[name, cursorMs] as const],
    );
    return eventId(new Map(reached));
  }

  private write(text: string): void {
    this.wire.write(text);
  }
}
