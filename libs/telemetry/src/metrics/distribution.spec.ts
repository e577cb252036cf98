import { Count } from './count';
import { Distribution } from './distribution';

describe('a distribution', () => {
  it('puts a size that equals a bound into it, and what is larger than all into the last place', () => {
    const sizes = new Distribution([0.1, 1, 10]);
    for (const size of [0, 0.1, 0.10001, 1, 10, 10.5, Infinity]) sizes.observe(size);
    expect(sizes.cumulative()).toEqual([2, 4, 5, 7]);
  });

  it('sums up what it has seen', () => {
    const sizes = new Distribution([1]);
    expect([sizes.sum, sizes.cumulative()]).toEqual([0, [0, 0]]);
    for (const size of [0.5, 2, 2]) sizes.observe(size);
    expect([sizes.sum, sizes.cumulative()]).toEqual([4.5, [1, 3]]);
  });

  it('gives figures of the moment, which later sizes do not change', () => {
    const sizes = new Distribution([1]);
    const before = sizes.cumulative();
    sizes.observe(0);
    expect(before).toEqual([0, 0]);
  });

  it('holds everything in one place where it has no bounds', () => {
    const sizes = new Distribution([]);
    sizes.observe(3);
    expect(sizes.cumulative()).toEqual([1]);
  });
});

describe('a count', () => {
  it('grows by one, or by as much as it is told', () => {
    const count = new Count();
    count.add();
    count.add(41);
    count.add(0);
    expect(count.value).toBe(42);
  });
});
