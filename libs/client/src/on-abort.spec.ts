import { getEventListeners } from 'node:events';
import { onAbort } from './on-abort';

describe('onAbort', () => {
  it('runs every task once, but those that were taken back, with one listener for all', () => {
    const controller = new AbortController();
    const ran: number[] = [];
    const releases = Array.from({ length: 30 }, (_, i) =>
      onAbort(controller.signal, () => ran.push(i)),
    );
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    for (const release of releases.slice(2)) release();
    controller.abort();
    expect(ran).toEqual([0, 1]);
  });
});
