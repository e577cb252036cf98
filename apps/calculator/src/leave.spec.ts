import { EventEmitter } from 'node:events';
import { listenForLeave } from './leave';

const opened = () => {
  const stdout = new EventEmitter();
  const source = Object.assign(new EventEmitter(), { stdout });
  return { source, left: listenForLeave(source) };
};

describe('somebody leaves', () => {
  it.each(['SIGINT', 'SIGTERM'])('by %s, however often it comes', (signal) => {
    const { source, left } = opened();
    expect(left.aborted).toBe(false);
    source.emit(signal);
    source.emit(signal);
    expect(left.aborted).toBe(true);
  });

  it('by closing the pipe that lines are written into', () => {
    const { source, left } = opened();
    source.stdout.emit('error', new Error('write EPIPE'));
    expect(left.aborted).toBe(true);
  });
});
