import { closeAll, closeTogether } from './close-all';

function part(name: string, closed: string[], failure?: Error) {
  return {
    close: () => {
      closed.push(name);
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
  };
}

describe('closing', () => {
  it('goes backwards, and goes on behind one that fails', async () => {
    const closed: string[] = [];
    const parts = [part('a', closed), part('b', closed, new Error('b hangs')), part('c', closed)];
    await expect(closeAll(parts)).rejects.toThrow('b hangs');
    expect(closed).toEqual(['c', 'b', 'a']);
  });

  it('together keeps none waiting for another', async () => {
    const closed: string[] = [];
    let release: () => void = () => undefined;
    const slow = { close: () => new Promise<void>((resolve) => (release = resolve)) };
    const closing = closeTogether([
      slow,
      part('a', closed, new Error('a fails')),
      part('b', closed),
    ]);
    expect(closed).toEqual(['a', 'b']);
    release();
    await expect(closing).rejects.toThrow('a fails');
  });
});
