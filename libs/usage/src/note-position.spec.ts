import { idBehind, isBefore, lostBetween, parsePosition } from './note-position';

describe('a place in the stream of notes', () => {
  it('is read from an id, and 0 is before all entries', () => {
    expect(parsePosition('1767225600000-12')).toEqual({ ms: 1_767_225_600_000, number: 12 });
    expect(parsePosition('0')).toEqual({ ms: 0, number: 0 });
    expect(idBehind(parsePosition('1767225600000-12'))).toBe('1767225600000-13');
  });

  it.each(['', '-', '$', '1-', '1-2-3', '-1', '1.5', 'x'])('is not "%s"', (id) => {
    expect(() => parsePosition(id)).toThrow(
      `"${id}" is no place in the stream of usage notes: expected an id such as 1767225600000-1`,
    );
  });

  it('is before another by its ms, then by its number', () => {
    expect(isBefore({ ms: 1, number: 9 }, { ms: 2, number: 1 })).toBe(true);
    expect(isBefore({ ms: 2, number: 1 }, { ms: 2, number: 2 })).toBe(true);
    expect(isBefore({ ms: 2, number: 2 }, { ms: 2, number: 2 })).toBe(false);
  });

  it.each([
    ['10-5', '11-6', 0, 'neighbours'],
    ['10-5', '11-9', 3, 'three were trimmed'],
    ['0', '11-9', 0, 'nobody had read yet'],
    ['10-500', '11-9', 0, 'a stream that was made anew'],
  ])('%s and %s have %i lost entries between them: %s', (read, next, lost) => {
    expect(lostBetween(parsePosition(read), parsePosition(next))).toBe(lost);
  });
});
