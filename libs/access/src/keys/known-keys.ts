import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import type { ApiKey, KeyWish } from './api-key';
import type { KeyBook, NewKey } from './key-book';
import { type Holder, KeyRing } from './key-ring';

export interface KnownKeysParts {
  readonly book: Pick<KeyBook, 'active' | 'noteUsed' | 'create' | 'list' | 'revoke'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How old the knowledge of the keys may be, ms: a revoked key is refused after it, and the time of one read, at the latest. */
const LOOK_EVERY_MS = 1_000;
/** How often it is written down which keys were used, in looks. */
const LOOKS_PER_NOTE = 10;

/**
 * The keys that may ask, as Postgres told them a second ago at most. While it is away they stay as they were: keys go on to work, and
 * none can be revoked.
 */
export class KnownKeys {
  private readonly ring = new KeyRing();
  private readonly used = new Set<string>();
  private looks = 0;
  private readings = 0;
  /** Readings are numbered as they begin; {@link appliedReading} is the newest that has ended. */
  private begunReadings = 0;
  private appliedReading = 0;
  private isLooking = false;
  private isNoting = false;
  private isStale = false;
  private stop: () => void = () => undefined;

  constructor(private readonly parts: KnownKeysParts) {}

  /** How many may ask. */
  get size(): number {
    return this.ring.size;
  }

  /** Another number after each reading: what was found before it has to be looked up again. */
  get reading(): number {
    return this.readings;
  }

  /** Resolves when they are known; rejects with `AccessUnavailable`. */
  async start(): Promise<void> {
    await this.look();
    this.stop = this.parts.clock.every(LOOK_EVERY_MS, () => {
      void this.lookAgain();
    });
  }

  /** Writes down what was used last. */
  async close(): Promise<void> {
    this.stop();
    await this.noteUsed();
  }

  /** Who shows this key; undefined when it may not ask. */
  find(text: string): Holder | undefined {
    const holder = this.ring.find(text);
    if (holder !== undefined) this.used.add(holder.principal.id);
    return holder;
  }

  /** Who was shown to hold this key before; undefined when it may ask no more. */
  named(id: string): Holder | undefined {
    return this.ring.named(id);
  }

  /** Known here when it resolves, and everywhere a second later, or once keys can be read again. */
  async create(wish: KeyWish): Promise<NewKey> {
    const made = await this.parts.book.create(wish);
    await this.lookNow();
    return made;
  }

  async list(): Promise<readonly ApiKey[]> {
    await this.noteUsed();
    return await this.parts.book.list();
  }

  /** Refused here when it resolves, and everywhere a second later; undefined when there is no such active key. */
  async revoke(id: string): Promise<ApiKey | undefined> {
    const revoked = await this.parts.book.revoke(id);
    if (revoked === undefined) return undefined;
    // No reading that began before it tells of it.
    this.begunReadings += 1;
    this.appliedReading = this.begunReadings;
    this.ring.forget(id);
    this.readings += 1;
    await this.lookNow();
    return revoked;
  }

  /** What has been done to a key is done, and its text is told once: a reading that fails after it changes nothing of that. */
  private async lookNow(): Promise<void> {
    await this.look().catch((error: unknown) => {
      this.tell(true, error);
    });
  }

  /** Two may be under way, of the timer and of a change: what began earlier and ends later knows less, and is dropped. */
  private async look(): Promise<void> {
    this.begunReadings += 1;
    const reading = this.begunReadings;
    const active = await this.parts.book.active();
    if (reading < this.appliedReading) return;
    this.appliedReading = reading;
    this.ring.replace(active);
    this.readings += 1;
  }

  /** Never two at once: a server that hangs would gather them. */
  private async lookAgain(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.look();
      this.tell(false);
      this.looks += 1;
      if (this.looks % LOOKS_PER_NOTE === 0) void this.noteUsed();
    } catch (error) {
      this.tell(true, error);
    } finally {
      this.isLooking = false;
    }
  }

  /** Beside the looks: who waits for a lock there must not keep a revoked key going. */
  private async noteUsed(): Promise<void> {
    if (this.used.size === 0 || this.isNoting) return;
    this.isNoting = true;
    const ids = [...this.used];
    this.used.clear();
    try {
      await this.parts.book.noteUsed(ids);
    } catch (error) {
      for (const id of ids) this.used.add(id);
      this.parts.log.warn('it cannot be written down which keys were used', { error });
    } finally {
      this.isNoting = false;
    }
  }

  private tell(isStale: boolean, error?: unknown): void {
    if (isStale === this.isStale) return;
    this.isStale = isStale;
    const { log } = this.parts;
    if (isStale) log.warn('keys cannot be read: those that are known go on to work', { error });
    else log.info('keys are read again');
  }
}
