import { counted, duration } from './quantities';

describe('a quantity', () => {
  it.each([
    [900, '1 s'],
    [125_000, '2 min 5 s'],
    [4_320_000, '1 h 12 min'],
  ])('of %i ms is printed as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('is one or many', () => {
    expect([0, 1, 2].map((count) => counted(count, 'page'))).toEqual([
      ...['0 pages', '1 page', '2 pages'],
    ]);
  });
});
