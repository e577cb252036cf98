import path from 'node:path';
import type { Clock } from '@candlekeep/clock';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { type GatheredNote, GatheredNotes } from './gathered-notes';
import { questionText, type UsageQuestion } from './usage-question';

export interface UsageRecorderParts {
  /** `command` connection to the queue server. It belongs to whoever opened it. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

const FLUSH_EVERY_MS = 250;
/** Notes that the stream keeps, of all gateways together. */
export const KEPT_NOTES = 1_000;
/** … and for how long, ms. */
export const KEPT_FOR_MS = 14 * 24 * 3_600_000;

const addNotes = new LuaScript(path.join(__dirname, 'add-notes.lua'), String, 'all');

/**
 * The noting side of usage: what callers ask goes into one bounded stream, a flush every 250 ms. Notes are worth less than the
 * questions that they are of: while the server is away they are dropped and counted, never held back, and the log has one line when
 * that begins and one when it is over.
 */
export class UsageRecorder {
  private readonly gathered: GatheredNotes;
  /** Names this recorder in its entries; with `written` it tells an entry that was sent twice. */
  private readonly id: string;
  private readonly stopFlushing: () => void;
  private flushing: Promise<void> | undefined;
  private written = 0;
  private isAway = false;
  private dropped = 0;
  private droppedBeforeAway = 0;

  constructor(private readonly parts: UsageRecorderParts) {
    const { clock } = parts;
    this.gathered = new GatheredNotes(() => clock.random());
    this.id = clock.token();
    this.stopFlushing = clock.every(FLUSH_EVERY_MS, () => {
      this.flush();
    });
  }

  /** Questions that no note tells of: too many different ones at once, or the server away. Of a flush without an answer all count. */
  get droppedCount(): number {
    return this.dropped;
  }

  /** Notes a question asked just now. Takes constant time, waits for nothing, never throws. */
  note(question: UsageQuestion): void {
    const nowMs = this.parts.clock.monotonicMs();
    this.dropped += this.gathered.add(questionText(question), nowMs);
  }

  /** Writes what was gathered. Resolves within seconds, also when the server is away. */
  async close(): Promise<void> {
    this.stopFlushing();
    await this.flushing;
    this.flush();
    await this.flushing;
  }

  /** One at a time: what is asked meanwhile is gathered for the next. */
  private flush(): void {
    if (this.flushing !== undefined || this.gathered.size === 0) return;
    this.flushing = this.tell(this.gathered.take()).finally(() => {
      this.flushing = undefined;
    });
  }

  private async tell(notes: readonly GatheredNote[]): Promise<void> {
    try {
      await this.findServer();
      await this.write(notes);
      this.heedDelivery();
    } catch (error) {
      this.drop(notes, error);
    }
  }

  /** A command without an answer stays in the connection. Before more is sent there, one small command shows that the server takes them. */
  private async findServer(): Promise<void> {
    const { redis } = this.parts;
    if (redis.status !== 'ready') throw new Error(`the connection is ${redis.status}`);
    if (this.isAway) await redis.ping();
  }

  private async write(notes: readonly GatheredNote[]): Promise<void> {
    const { redis, clock } = this.parts;
    const first = this.written + 1;
    this.written += notes.length;
    const nowMs = clock.monotonicMs();
    const told = notes.flatMap(({ text, askedMs, times }) => [
      Math.max(0, Math.round(nowMs - askedMs)),
      times,
      text,
    ]);
    const head = [KEPT_NOTES, KEPT_FOR_MS, this.id, first];
    await addNotes.run(redis, [keys.usageNotes], [...head, ...told]);
  }

  private drop(notes: readonly GatheredNote[], error: unknown): void {
    if (!this.isAway) {
      this.isAway = true;
      this.droppedBeforeAway = this.dropped;
      this.parts.log.warn('usage cannot be noted: what callers ask is not learned for now', {
        error,
      });
    }
    this.dropped += notes.reduce((sum, { times }) => sum + times, 0);
  }

  private heedDelivery(): void {
    if (!this.isAway) return;
    this.isAway = false;
    const dropped = this.dropped - this.droppedBeforeAway;
    this.parts.log.info('usage is noted again', { dropped });
  }
}
