import { shippedRecording } from './recordings-folder';
import { Tape } from './tape';
import { TapeMemory } from './tape-memory';

describe('what is kept of a tape', () => {
  const [one, other] = [0, 1].map((listed) => new Tape(shippedRecording('KRW-BTC'), listed));
  let made: number[];
  let memory: TapeMemory<number, { readonly key: number }>;
  beforeEach(() => {
    made = [];
    memory = new TapeMemory(2);
  });
  const recall = (tape: Tape, key: number) =>
    memory.recall(tape, key, () => {
      made.push(key);
      return { key };
    });

  it('is made once for each key', () => {
    const first = recall(one!, 1);
    expect(recall(one!, 1)).toBe(first);
    recall(one!, 2);
    expect(made).toEqual([1, 2]);
  });

  it('is of that tape alone', () => {
    expect(recall(other!, 1)).not.toBe(recall(one!, 1));
  });

  it('is forgotten when there would be more than may be kept', () => {
    for (const key of [1, 2, 3, 3, 1]) recall(one!, key);
    expect(made).toEqual([1, 2, 3, 1]);
  });
});
