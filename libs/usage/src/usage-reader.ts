import { InvalidValue } from '@candlekeep/market';
import {
  forgetPoison,
  keys,
  notePoison,
  onPoison,
  type RedisConnection,
  serverTimeMs,
} from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { type NoteEntry, parseEntry } from './note-entry';
import { idBehind, isBefore, lostBetween, type NotePosition, parsePosition } from './note-position';
import { RepeatedNotes } from './repeated-notes';
import type { UsageNote } from './usage-note';
import { KEPT_FOR_MS } from './usage-recorder';

export interface UsageReaderParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly log: Logger;
}

/** What was asked since a place in the stream. */
export interface UsageReading {
  /** In the order in which they were asked. */
  readonly notes: readonly UsageNote[];
  /** Where to go on. */
  readonly lastId: string;
  /** Entries behind the place that were trimmed away before they were read. */
  readonly lost: number;
  /** Entries that were no notes: they are skipped. */
  readonly unreadable: number;
}

/** A stored entry: id, and the names and values of its fields in turn. */
type RawEntry = readonly [id: string, fields: readonly string[]];

/** As many as the stream keeps: one answer holds all that there is. */
const PAGE = 1_000;
const TELL_EVERY_MS = 60_000;
const LATEST_MS = 1e13;
const MOST_NUMBER = 1e15;
const DAY_MS = 24 * 3_600_000;
const BEGINNING: NotePosition = { ms: 0, number: 0 };

/** The learning side of usage: what all gateways have noted. */
export class UsageReader {
  private readonly repeated = new RepeatedNotes();
  /** The last answer's `lastId`. */
  private readUntil: string | undefined;
  private toldMs = -Infinity;

  constructor(private readonly parts: UsageReaderParts) {}

  /**
   * Reads what stands behind `afterId`: the last answer's `lastId`, or any earlier one to read it once more; `0` is the oldest note kept.
   * A stream that is gone has nothing. Rejects with ioredis' error within seconds, or with `InvalidValue` for what is no id.
   */
  async read(afterId: string): Promise<UsageReading> {
    const position = parsePosition(afterId);
    const after = isOurs(position) ? position : BEGINNING;
    if (afterId !== this.readUntil) this.repeated.forget();
    const [nowMs, entries] = await Promise.all([
      serverTimeMs(this.parts.redis),
      this.entriesBehind(after),
    ]);
    const [first] = entries;
    const lost = first === undefined ? 0 : lostBetween(after, parsePosition(first[0]));
    const lastId = entries.at(-1)?.[0] ?? afterId;
    this.readUntil = lastId;
    const read = entries.flatMap((entry) => this.tryParse(entry, nowMs) ?? []);
    return { notes: this.notesOf(read), lastId, lost, unreadable: entries.length - read.length };
  }

  /** When the stream ends before the place, it was made anew or has lost its end: then all that it holds is looked at. */
  private async entriesBehind(after: NotePosition): Promise<readonly RawEntry[]> {
    const { redis } = this.parts;
    const found = await onPoison(redis, [keys.usageNotes], () =>
      Promise.all([
        redis.xrevrange(keys.usageNotes, '+', '-', 'COUNT', 1),
        redis.xrange(keys.usageNotes, idBehind(after), '+', 'COUNT', PAGE),
      ]),
    );
    if (found === undefined) return [];
    const [[newest], entries] = found;
    if (newest !== undefined && !isOurs(parsePosition(newest[0]))) {
      const error = new InvalidValue(
        `the usage stream ends at ${newest[0]}: nobody can go on there`,
      );
      await forgetPoison(redis, { keys: [keys.usageNotes], error });
      return [];
    }
    if (newest === undefined || !isBefore(parsePosition(newest[0]), after)) return entries;
    return await redis.xrange(keys.usageNotes, idBehind(BEGINNING), '+', 'COUNT', PAGE);
  }

  private notesOf(entries: readonly NoteEntry[]): readonly UsageNote[] {
    return entries
      .filter((entry) => this.repeated.heed(entry))
      .map(({ note }) => note)
      .sort((a, b) => a.atMs - b.atMs);
  }

  private tryParse([id, fields]: RawEntry, nowMs: number): NoteEntry | undefined {
    try {
      return requireOfThisAge(parseEntry(fields), nowMs);
    } catch (error) {
      notePoison(this.parts.redis, { keys: [keys.usageNotes], error, isTold: true });
      this.tell(id, error, nowMs);
      return undefined;
    }
  }

  private tell(id: string, error: unknown, nowMs: number): void {
    if (Math.abs(nowMs - this.toldMs) < TELL_EVERY_MS) return;
    this.toldMs = nowMs;
    const message =
      'an entry of the usage stream cannot be read: it and others like it are skipped';
    this.parts.log.error(message, { key: keys.usageNotes, id, error });
  }
}

/** Beyond this nothing is counted up exactly: see add-notes.lua. */
function isOurs({ ms, number }: NotePosition): boolean {
  return ms < LATEST_MS && number < MOST_NUMBER;
}

/** A note of a time to come would have all that is asked until then taken for past. A server's clock may have been set back by less. */
function requireOfThisAge(entry: NoteEntry, nowMs: number): NoteEntry {
  const { atMs } = entry.note;
  if (atMs >= nowMs - KEPT_FOR_MS - DAY_MS && atMs <= nowMs + DAY_MS) return entry;
  throw new InvalidValue(
    `a usage note of ${atMs}, while the server's time is ${nowMs}: expected one of the last weeks`,
  );
}
