import { ManualClock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import type { ActiveKey } from './api-key';
import { formatKeyText, hashOfSecret, newKeyText } from './key-text';
import { KnownKeys } from './known-keys';

/** Keys as a book tells them that answers each reading when it is told to. */
function slowBook() {
  const text = newKeyText();
  const key: ActiveKey = {
    ...{ id: text.id, name: 'x', scopes: ['read'], rowsPerMinute: undefined },
    secretHash: hashOfSecret(text.secret),
  };
  const ends: (() => void)[] = [];
  let active: readonly ActiveKey[] = [key];
  const none = () => Promise.reject(new Error('nobody asks this'));
  const book = {
    active: () => {
      const seen = active;
      return new Promise<readonly ActiveKey[]>((resolve) => {
        ends.push(() => {
          resolve(seen);
        });
      });
    },
    revoke: () => {
      active = [];
      const dates = { createdAtMs: 0, revokedAtMs: 1, lastUsedAtMs: undefined };
      return Promise.resolve({ ...key, ...dates });
    },
    ...{ noteUsed: () => Promise.resolve(), create: none, list: none },
  };
  return { book, ends, id: text.id, text: formatKeyText(text) };
}

describe('the keys that are known', () => {
  it('are those of the reading that began last, in whichever order readings end', async () => {
    const { book, ends, id, text } = slowBook();
    const clock = new ManualClock();
    const keys = new KnownKeys({ book, clock, log: silentLogger });
    const started = keys.start();
    ends[0]?.();
    await started;
    expect(keys.find(text)).toBeDefined();
    await clock.advance(1_000);
    const revoked = keys.revoke(id);
    await clock.advance(0);
    expect(ends).toHaveLength(3);
    ends[2]?.();
    await revoked;
    expect(keys.find(text)).toBeUndefined();
    const { reading } = keys;
    ends[1]?.();
    await clock.advance(0);
    expect(keys.find(text)).toBeUndefined();
    expect(keys.reading).toBe(reading);
  });

  it('are refused once they are revoked, though they cannot be read any more, and older readings end later', async () => {
    const { book, ends, id, text } = slowBook();
    const clock = new ManualClock();
    const readings = [book.active(), book.active()];
    const active = () => readings.shift() ?? Promise.reject(new Error('the server is away'));
    const keys = new KnownKeys({ book: { ...book, active }, clock, log: silentLogger });
    const started = keys.start();
    ends[0]?.();
    await started;
    await clock.advance(1_000);
    expect(await keys.revoke(id)).toMatchObject({ id });
    expect(keys.find(text)).toBeUndefined();
    ends[1]?.();
    await clock.advance(0);
    expect(keys.find(text)).toBeUndefined();
  });

  it('are told to who makes one, though they cannot be read any more', async () => {
    const { book, ends, text } = slowBook();
    const readings = [book.active()];
    const active = () => readings.shift() ?? Promise.reject(new Error('the server is away'));
    const made = { key: await book.revoke(), text };
    const create = () => Promise.resolve(made);
    const parts = { book: { ...book, active, create }, clock: new ManualClock() };
    const keys = new KnownKeys({ ...parts, log: silentLogger });
    const started = keys.start();
    ends[0]?.();
    await started;
    expect(await keys.create({ name: 'charts' })).toBe(made);
  });

  it('are read on while it waits to be written down which were used', async () => {
    const { book, ends, text } = slowBook();
    const noteUsed = () => new Promise<void>(() => undefined);
    const clock = new ManualClock();
    const keys = new KnownKeys({ book: { ...book, noteUsed }, clock, log: silentLogger });
    const started = keys.start();
    ends[0]?.();
    await started;
    keys.find(text);
    for (let second = 1; second <= 15; second += 1) {
      await clock.advance(1_000);
      expect(ends).toHaveLength(second + 1);
      ends[second]?.();
      await clock.advance(0);
    }
  });
});
