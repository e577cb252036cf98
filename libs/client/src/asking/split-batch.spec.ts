import fc from 'fast-check';
import { splitBatch } from './split-batch';

describe('splitBatch', () => {
  it('keeps every question, in order, within the bounds of a batch', () => {
    const question = fc.record(
      { count: fc.integer({ min: 1, max: 10_000 }) },
      { requiredKeys: [] },
    );
    const anyEntries = fc.array(fc.record({ question }), { maxLength: 400 });
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const batches = splitBatch(entries);
        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          const candles = batch.reduce((sum, one) => sum + (one.question.count ?? 200), 0);
          expect(batch.length).toBeLessThanOrEqual(100);
          expect(candles).toBeLessThanOrEqual(100_000);
        }
      }),
    );
  });
});
