import { SeededRandom } from '../../../test/support/seeded-random';
import { GatheredNotes, MAX_DIFFERENT } from './gathered-notes';

describe('what is gathered between two flushes', () => {
  const gather = (seed = 1) => {
    const random = new SeededRandom(seed);
    return new GatheredNotes(() => random.next());
  };

  it('is one note for equal questions, from when the first was asked', () => {
    const gathered = gather();
    for (const [text, askedMs] of [
      ['a', 10],
      ['b', 11],
      ['a', 12],
      ['a', 13],
    ] as const) {
      expect(gathered.add(text, askedMs)).toBe(0);
    }
    expect(gathered.take()).toEqual([
      { text: 'a', askedMs: 10, times: 3 },
      { text: 'b', askedMs: 11, times: 1 },
    ]);
    expect(gathered.take()).toEqual([]);
  });

  it('is never more than it may be, and all that is missing is counted', () => {
    const gathered = gather();
    let dropped = 0;
    for (let i = 0; i < 20_000; i++) dropped += gathered.add(`q${i % 3_000}`, i);
    expect(gathered.size).toBe(MAX_DIFFERENT);
    const notes = gathered.take();
    const kept = notes.reduce((sum, { times }) => sum + times, 0);
    expect(kept + dropped).toBe(20_000);
    expect(new Set(notes.map(({ text }) => text)).size).toBe(MAX_DIFFERENT);
    expect(gathered.add('one more', 1)).toBe(0);
  });

  it('is a fair sample: an early question stays as often as a late one', () => {
    const asked = 4 * MAX_DIFFERENT;
    const kept = [0, 0, 0, 0];
    for (let seed = 1; seed <= 50; seed++) {
      const gathered = gather(seed);
      for (let i = 0; i < asked; i++) gathered.add(String(i), i);
      for (const { text } of gathered.take()) {
        const quarter = Math.floor(Number(text) / MAX_DIFFERENT);
        kept[quarter] = (kept[quarter] ?? 0) + 1;
      }
    }
    // 25,000 kept, a quarter of each: 6,250, and a standard deviation of about 60.
    for (const count of kept) expect(Math.abs(count - 6_250)).toBeLessThan(300);
  });
});
