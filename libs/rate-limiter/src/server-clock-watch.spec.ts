import fc from 'fast-check';
import { ServerClockWatch } from './server-clock-watch';

describe('a watch of the server’s clock', () => {
  it('takes no slow reply for a jump, while both clocks go alike', () => {
    const way = fc.record({ pauseMs: fc.nat(3_000), thereMs: fc.nat(400), backMs: fc.nat(400) });
    fc.assert(
      fc.property(fc.array(way, { maxLength: 60 }), fc.nat(1e12), (ways, aheadMs) => {
        const watch = new ServerClockWatch();
        let nowMs = 0;
        for (const { pauseMs, thereMs, backMs } of ways) {
          const askedMs = nowMs + pauseMs;
          const serverMs = askedMs + thereMs + aheadMs;
          nowMs = askedMs + thereMs + backMs;
          expect(watch.isAhead({ askedMs, repliedMs: nowMs, serverMs })).toBe(false);
        }
      }),
    );
  });

  it('notices a jump that is longer than the way of a reply, once', () => {
    const watch = new ServerClockWatch();
    expect(watch.isAhead({ askedMs: 0, repliedMs: 2, serverMs: 1_001 })).toBe(false);
    expect(watch.isAhead({ askedMs: 100, repliedMs: 102, serverMs: 1_121 })).toBe(true);
    expect(watch.isAhead({ askedMs: 200, repliedMs: 202, serverMs: 1_221 })).toBe(false);
  });

  it('takes no clock that was set back for one that jumped, and sees the next jump', () => {
    const watch = new ServerClockWatch();
    expect(watch.isAhead({ askedMs: 0, repliedMs: 2, serverMs: 5_001 })).toBe(false);
    expect(watch.isAhead({ askedMs: 100, repliedMs: 102, serverMs: 101 })).toBe(false);
    expect(watch.isAhead({ askedMs: 200, repliedMs: 202, serverMs: 301 })).toBe(true);
  });

  it('forgives what is too long ago: clocks run at slightly different speeds', () => {
    const watch = new ServerClockWatch();
    expect(watch.isAhead({ askedMs: 0, repliedMs: 2, serverMs: 1 })).toBe(false);
    expect(watch.isAhead({ askedMs: 60_000, repliedMs: 60_002, serverMs: 60_031 })).toBe(false);
  });
});
