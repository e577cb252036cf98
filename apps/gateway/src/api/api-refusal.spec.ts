import { badRequest } from './api-refusal';

describe('a bad request', () => {
  it('is told all that is wrong with it', () => {
    const errors = [
      { field: 'market', expected: 'expected a pair' },
      { field: 'count', expected: 'expected a number' },
    ];
    const refusal = badRequest(errors);
    expect(refusal.errors).toEqual(errors);
    expect(refusal.message).toBe(
      'The request cannot be met. market: expected a pair; count: expected a number.',
    );
  });

  it('shows a name that is blank', () => {
    const { errors } = badRequest([{ field: '', expected: 'expected no such name' }]);
    expect(errors).toEqual([{ field: '""', expected: 'expected no such name' }]);
  });

  it('is told the first twenty of thousands of problems, so that no answer is far longer than its question', () => {
    const errors = Array.from({ length: 16_000 }, () => ({
      ...{ field: 'x'.repeat(10_000), expected: 'expected no such name' },
    }));
    const refusal = badRequest(errors);
    expect(refusal.errors).toHaveLength(20);
    expect(refusal.message).toMatch(/; and 15980 more\.$/);
    expect(refusal.message.length).toBeLessThan(4_000);
  });
});
