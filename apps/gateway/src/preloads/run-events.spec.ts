import { ManualClock, SystemClock } from '@candlekeep/clock';
import type { PreloadRun } from '@candlekeep/preloader';
import { currentRequestId, silentLogger, withRequestId } from '@candlekeep/telemetry';
import { FREE_PASS, type StreamPass } from '../access/stream-passes';
import { RunEvents } from './run-events';

const RUN: PreloadRun = {
  ...{ id: 'a', strategyId: 'one', state: 'running', total: 4, done: 0, calls: 0 },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
};

function openRig() {
  const clock = new ManualClock();
  let run = RUN;
  let lookups = 0;
  const runs = {
    find: () => {
      lookups += 1;
      return Promise.resolve(run);
    },
  };
  const events = new RunEvents({ runs, clock, log: silentLogger });
  const client = (pass?: StreamPass) => {
    const texts: string[] = [];
    const wire = {
      ...{ unsentBytes: 0, isEnded: false },
      write: (text: string) => void texts.push(text.split('\n', 1)[0] ?? ''),
      end: () => void (wire.isEnded = true),
    };
    return { texts, wire, stop: events.follow(run, wire, pass) };
  };
  const change = async (more: Partial<PreloadRun>): Promise<void> => {
    run = { ...run, ...more };
    await clock.advance(500);
  };
  return { clock, events, client, change, lookups: () => lookups };
}

describe('events of preload runs', () => {
  it('tell each client every change once, and the end', async () => {
    const { client, change, clock } = openRig();
    const { texts, wire } = client();
    await change({ done: 2 });
    await clock.advance(2_000);
    await change({ done: 4, state: 'done' });
    expect(texts).toEqual(['event: progress', 'event: progress', 'event: end']);
    expect(wire.isEnded).toBe(true);
  });

  it('look a run up once for all who follow it, and not when nobody does', async () => {
    const { client, clock, lookups } = openRig();
    const clients = [client(), client(), client()];
    await clock.advance(500);
    expect(lookups()).toBe(1);
    for (const { stop } of clients) stop();
    await clock.advance(5_000);
    expect(lookups()).toBe(1);
  });

  it("look runs up in nobody's request, so that no line of the log bears the id of whoever came first", async () => {
    const wire = { unsentBytes: 0, write: () => undefined, end: () => undefined };
    const idOfLookup = await new Promise<string | undefined>((resolve) => {
      const find = () => {
        resolve(currentRequestId());
        events.close().catch(() => undefined);
        return Promise.resolve(RUN);
      };
      const clock = new SystemClock();
      const events = new RunEvents({ runs: { find }, clock, log: silentLogger });
      withRequestId('first', () => events.follow(RUN, wire));
    });
    expect(idOfLookup).toBeUndefined();
  });

  it('hold nothing back for a client that does not read', async () => {
    const { client, change } = openRig();
    const slow = client();
    slow.wire.unsentBytes = 1e6;
    await change({ done: 1 });
    await change({ done: 2 });
    expect(slow.texts).toHaveLength(1);
  });

  it('end with the key, and say so', async () => {
    const { client, clock } = openRig();
    let isValid = true;
    const { texts, wire } = client({ ...FREE_PASS, isValid: () => isValid });
    isValid = false;
    await clock.advance(500);
    expect(texts.at(-1)).toBe('event: revoked');
    expect(wire.isEnded).toBe(true);
  });

  it('end with the gateway', async () => {
    const { client, events } = openRig();
    const { wire } = client();
    await events.close();
    expect(wire.isEnded).toBe(true);
  });

  it('are refused beyond a bound', () => {
    const { client, events } = openRig();
    for (let n = 0; n < 200; n += 1) client();
    expect(() => {
      events.requireRoom();
    }).toThrow('200 clients');
  });
});
