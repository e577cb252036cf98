import fc from 'fast-check';
import { LastEventId } from './last-event-id';

describe('the id of the last event', () => {
  it('counts from the end of its block, also of one without data', () => {
    const id = new LastEventId();
    id.take('id: a=1\n');
    expect(id.value).toBe('');
    id.take('\nevent: candle\ndata: {}\n\nid:b=2\ndata: {}\n');
    expect(id.value).toBe('a=1');
    id.take('\n');
    expect(id.value).toBe('b=2');
  });

  it('is not taken from a block that broke off', () => {
    const id = new LastEventId();
    id.take('id: a=1\n\nid: b=2\ndata: {');
    id.beginAnew();
    id.take('retry: 1\n\n');
    expect(id.value).toBe('a=1');
  });

  it('is the same however the text was cut into pieces', () => {
    const text = 'retry: 2\n\nid: a=1\n\nid: b=2\nevent: candle\ndata: {"id":1}\n\n: \n\n';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length }), (cut) => {
        const id = new LastEventId();
        id.take(text.slice(0, cut));
        id.take(text.slice(cut));
        expect(id.value).toBe('b=2');
      }),
    );
  });
});
