import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { type NoteEntry, parseEntry } from './note-entry';
import { idBehind, isBefore, lostBetween, type NotePosition, parsePosition } from './note-position';
import { RepeatedNotes } from './repeated-notes';
import type { UsageNote } from './usage-note';

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
const BEGINNING: NotePosition = { ms: 0, number: 0 };

/** The learning side of usage: what all gateways have noted. */
export class UsageReader {
  private readonly repeated = new RepeatedNotes();
  /** The last answer's `lastId`. */
  private readUntil: string | undefined;
  private hasTold = false;

  constructor(private readonly parts: UsageReaderParts) {}

  /**
   * Reads what stands behind `afterId`: the last answer's `lastId`, or any earlier one to read it once more; `0` is the oldest note kept.
   * A stream that is gone has nothing. Rejects with ioredis' error within seconds, or with `InvalidValue` for what is no id.
   */
  async read(afterId: string): Promise<UsageReading> {
    const after = parsePosition(afterId);
    if (afterId !== this.readUntil) this.repeated.forget();
    const entries = await this.entriesBehind(after);
    const [first] = entries;
    const lost = first === undefined ? 0 : lostBetween(after, parsePosition(first[0]));
    const lastId = entries.at(-1)?.[0] ?? afterId;
    this.readUntil = lastId;
    const read = entries.flatMap((entry) => this.tryParse(entry) ?? []);
    return { notes: this.notesOf(read), lastId, lost, unreadable: entries.length - read.length };
  }

  /** When the stream ends before the place, it was made anew or has lost its end: then all that it holds is looked at. */
  private async entriesBehind(after: NotePosition): Promise<readonly RawEntry[]> {
    const { redis } = this.parts;
    const [[newest], entries] = await Promise.all([
      redis.xrevrange(keys.usageNotes, '+', '-', 'COUNT', 1),
      redis.xrange(keys.usageNotes, idBehind(after), '+', 'COUNT', PAGE),
    ]);
    if (newest === undefined || !isBefore(parsePosition(newest[0]), after)) return entries;
    return await redis.xrange(keys.usageNotes, idBehind(BEGINNING), '+', 'COUNT', PAGE);
  }

  private notesOf(entries: readonly NoteEntry[]): readonly UsageNote[] {
    return entries
      .filter((entry) => this.repeated.heed(entry))
      .map(({ note }) => note)
      .sort((a, b) => a.atMs - b.atMs);
  }

  private tryParse([id, fields]: RawEntry): NoteEntry | undefined {
    try {
      return parseEntry(fields);
    } catch (error) {
      if (!this.hasTold) {
        this.hasTold = true;
        const message =
          'an entry of the usage stream cannot be read: it and others like it are skipped';
        this.parts.log.error(message, { key: keys.usageNotes, id, error });
      }
      return undefined;
    }
  }
}
