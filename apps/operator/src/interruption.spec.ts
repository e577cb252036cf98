import { EventEmitter } from 'node:events';
import { listenForLeave } from './interruption';

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'])('is taken each time that it comes: %s', (signal) => {
    const source = new EventEmitter();
    const left = listenForLeave(source);
    expect(left.aborted).toBe(false);
    for (let times = 0; times < 3; times += 1) {
      expect(source.emit(signal)).toBe(true);
      expect(left.aborted).toBe(true);
    }
  });
});
