import { EachScriptRig } from '../support/each-script-rig';
import { ScriptRig } from '../support/script-rig';

const REST_MS = 1_010;
const MINUTE_MS = 60_000;

describe('what the limiter makes of the exchange’s words', () => {
  const each = EachScriptRig.use();
  const allowed = async () => (await each.rig.group().read()).group.allowed;

  describe('429', () => {
    it('stops the group for one rest, then leaves it 80 % of its slots, and one more each 5 s', async () => {
      expect(await each.rig.call({ kind: 'rate-limited' })).toBe(REST_MS);
      expect(await each.rig.ask(0, 'early', 500)).toMatchObject({
        kind: 'denied',
        reason: 'rate-limited',
      });
      expect(await each.breaker()).toMatchObject({ state: 'open', reason: 'rate-limited' });
      await each.rig.pass(REST_MS);
      expect(await each.rig.countGranted()).toBe(8);
      await each.rig.pass(5_000);
      expect(await each.rig.countGranted()).toBe(9);
      await each.rig.pass(5_000);
      expect(await each.rig.countGranted()).toBe(10);
    });

    it('counts several refusals of one second as one', async () => {
      const tokens = ['a', 'b', 'c'];
      for (const token of tokens) await each.rig.granted(token);
      for (const token of tokens)
        await each.rig.group().release(token, { kind: 'rate-limited' }, 0);
      await each.rig.pass(REST_MS);
      const { group } = await each.rig.group().read();
      expect(group).toMatchObject({ allowed: 8, reduced: { reason: 'rate-limited' } });
      expect(group.reduced?.untilMs).toBe(each.rig.nowMs + 10_000);
    });

    it('again and again leaves one slot at least', async () => {
      for (let turn = 0; turn < 12; turn += 1) {
        await each.rig.call({ kind: 'rate-limited' });
        await each.rig.pass(REST_MS);
      }
      expect(await each.rig.countGranted()).toBe(1);
    });

    it('says nothing about another group', async () => {
      await each.rig.settle('market');
      await each.rig.call({ kind: 'rate-limited' });
      const other = { token: 'm', rank: 0, waitedMs: 0, leftMs: 0 };
      expect((await each.rig.group('market').ask(other)).kind).toBe('granted');
    });
  });

  describe('418', () => {
    it('stops every group of the egress for the stated time and a second for its rounding', async () => {
      await each.rig.settle('market');
      expect(await each.rig.call({ kind: 'banned', statedMs: 90_000 })).toBe(91_000);
      expect(await each.circuit()).toMatchObject({ state: 'open', reason: 'banned' });
      for (const name of ['candles', 'market']) {
        const ask = { token: `late-${name}`, rank: 0, waitedMs: 0, leftMs: 30_000 };
        const outcome = await each.rig.group(name).ask(ask);
        expect(outcome).toMatchObject({ kind: 'denied', reason: 'banned' });
        expect(outcome.ms).toBeGreaterThan(90_000);
      }
    });

    it('lasts twice as long each time when nothing is stated', async () => {
      const lengths: number[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        lengths.push(await each.rig.call({ kind: 'banned' }));
      }
      expect(lengths).toEqual([1, 2, 4, 8].map((minutes) => minutes * MINUTE_MS));
    });

    it('of calls that were under way when it began counts once', async () => {
      for (const token of ['a', 'b', 'c']) await each.rig.granted(token);
      expect(await each.rig.group().release('a', { kind: 'banned' }, 0)).toBe(MINUTE_MS);
      await each.rig.pass(20);
      expect(await each.rig.group().release('b', { kind: 'banned' }, 0)).toBe(MINUTE_MS - 20);
      await each.rig.group().release('c', { kind: 'answered' }, 0);
      expect(await each.circuit()).toMatchObject({ state: 'open', reason: 'banned' });
    });

    it('ends with one probe of all groups together, then ramps up over 10 s', async () => {
      await each.rig.settle('market');
      await each.rig.call({ kind: 'banned', statedMs: 5_000 });
      await each.rig.pass(6_000);
      await each.rig.granted('probe');
      expect((await each.circuit()).state).toBe('half-open');
      const others = { token: 'm', rank: 0, waitedMs: 0, leftMs: Infinity };
      expect((await each.rig.group('market').ask(others)).kind).toBe('waiting');
      expect((await each.rig.ask(0, 'second')).kind).toBe('waiting');
      await each.rig.pass(30);
      await each.rig.group().release('probe', { kind: 'answered' }, 0);
      expect(await each.circuit()).toEqual({ state: 'closed' });
      expect((await each.rig.group().read()).group.reduced?.reason).toBe('ramp');
      const ramp: number[] = [];
      for (let second = 0; second <= 10; second += 1) {
        ramp.push(await allowed());
        await each.rig.pass(1_000);
      }
      expect(ramp).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it('goes to another prober when the first one dies', async () => {
      await each.rig.call({ kind: 'banned', statedMs: 5_000 });
      await each.rig.pass(6_000);
      await each.rig.granted('probe');
      await each.rig.pass(6_100);
      await each.rig.granted('another');
      await each.rig.group().release('another', { kind: 'answered' }, 0);
      expect((await each.circuit()).state).toBe('closed');
    });

    it('is told by its time-out neither as over nor as a new block', async () => {
      await each.rig.call({ kind: 'banned', statedMs: 5_000 });
      await each.rig.pass(6_000);
      await each.rig.granted('probe');
      await each.rig.group().release('probe', { kind: 'timed-out' }, 0);
      expect(await each.circuit()).toMatchObject({ state: 'open', reason: 'banned' });
      await each.rig.pass(6_100);
      await each.rig.granted('another');
      await each.rig.group().release('another', { kind: 'banned' }, 0);
      expect((await each.circuit()).untilMs).toBe(each.rig.nowMs + 2 * MINUTE_MS);
    });
  });

  describe('one probe', () => {
    it('is one, of all groups and however early they ask', async () => {
      await each.rig.settle('market');
      await each.rig.call({ kind: 'banned', statedMs: 5_000 });
      // Permits are granted up to 25 ms before the block is over.
      await each.rig.pass(6_000 - 15);
      const outcomes: string[] = [];
      for (const name of ['candles', 'market', 'candles', 'market']) {
        const ask = { token: each.rig.newToken(), rank: 0, waitedMs: 0, leftMs: Infinity };
        outcomes.push((await each.rig.group(name).ask(ask)).kind);
      }
      expect(outcomes).toEqual(['granted', 'waiting', 'waiting', 'waiting']);
    });

    it('is not kept away by somebody whose cap is used up', async () => {
      const capped = new ScriptRig(each.redis, {
        egressId: each.egressId,
        group: 'capped',
        perHour: 60,
      });
      await capped.settle();
      for (let calls = 0; calls < 30; calls += 1) await capped.call({ kind: 'answered' });
      const spare = { token: 'backfill', rank: 7, waitedMs: 9e6, leftMs: Infinity };
      expect(await capped.group().ask(spare)).toMatchObject({ kind: 'waiting', reason: 'capped' });
      for (let calls = 0; calls < 5; calls += 1) await capped.call({ kind: 'failed' });
      await capped.pass(2_000);
      await capped.group().ask(spare);
      expect((await capped.ask(0, 'bot')).kind).toBe('granted');
      await capped.forget();
    });
  });

  describe('silence', () => {
    it('told of by calls of before the breaker opened neither prolongs it nor ends its probe', async () => {
      for (const token of ['a', 'b', 'c', 'd', 'e', 'f']) await each.rig.granted(token);
      for (const token of ['a', 'b', 'c', 'd', 'e']) {
        await each.rig.group().release(token, { kind: 'failed' }, 0);
      }
      await each.rig.pass(2_000);
      await each.rig.granted('probe');
      expect(await each.rig.group().release('f', { kind: 'timed-out' }, 0)).toBe(0);
      await each.rig.group().release('probe', { kind: 'answered' }, 0);
      expect((await each.breaker()).state).toBe('closed');
    });

    it('of one call holds its slot for a window after its connection was reset, whatever renewals said', async () => {
      await each.rig.granted('slow');
      await each.rig.pass(4_900);
      each.rig.group().renew(['slow']);
      await each.rig.pass(100);
      await each.rig.group().release('slow', { kind: 'timed-out' }, 0);
      expect((await each.rig.group().read()).group).toMatchObject({ inFlight: 0, resting: 1 });
      await each.rig.pass(1_050);
      expect((await each.rig.group().read()).group).toMatchObject({ inFlight: 0, resting: 0 });
    });

    it('opens the group’s breaker after five failures in a row, for longer each time, and a probe closes it', async () => {
      for (let turn = 0; turn < 4; turn += 1)
        expect(await each.rig.call({ kind: 'failed' })).toBe(0);
      await each.rig.call({ kind: 'answered' });
      const breaks: number[] = [];
      for (let turn = 0; turn < 11; turn += 1) breaks.push(await each.rig.call({ kind: 'failed' }));
      expect(breaks).toEqual([0, 0, 0, 0, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
      expect(await each.breaker()).toMatchObject({ state: 'open', reason: 'unavailable' });
      await each.rig.call({ kind: 'answered' });
      expect((await each.breaker()).state).toBe('closed');
      await each.rig.pass(REST_MS);
      expect(await each.rig.countGranted()).toBe(10);
    });

    it('leaves other groups alone', async () => {
      await each.rig.settle('market');
      for (let turn = 0; turn < 5; turn += 1) await each.rig.call({ kind: 'timed-out' });
      expect((await each.breaker()).state).toBe('open');
      const other = { token: 'm', rank: 0, waitedMs: 0, leftMs: 0 };
      expect((await each.rig.group('market').ask(other)).kind).toBe('granted');
    });
  });

  describe('Remaining-Req', () => {
    it('lower than we think holds slots for whoever else calls from this egress', async () => {
      await each.rig.call({ kind: 'answered', remainingInSecond: 4 });
      expect((await each.rig.group().read()).group.foreign).toBe(5);
      expect(await each.rig.countGranted()).toBe(4);
      await each.rig.pass(REST_MS);
      expect(await each.rig.countGranted()).toBe(10);
    });

    it('that counts our own calls changes nothing', async () => {
      for (let left = 9; left >= 0; left -= 1) {
        await each.rig.call({ kind: 'answered', remainingInSecond: left });
      }
      await each.rig.pass(700);
      expect((await each.rig.group().read()).group.foreign).toBe(0);
    });
  });

  describe('the user’s own caps', () => {
    it('hold in any minute, and leave a part to those who wait for an answer', async () => {
      const capped = new ScriptRig(each.redis, {
        egressId: each.egressId,
        group: 'capped',
        perMinute: 20,
      });
      await capped.settle();
      await capped.pass(MINUTE_MS);
      for (let calls = 0; calls < 10; calls += 1) await capped.call({ kind: 'answered' });
      const spare = await capped.ask(7, 'backfill', 1_000);
      expect(spare).toMatchObject({ kind: 'denied', reason: 'capped' });
      for (let calls = 0; calls < 10; calls += 1) await capped.call({ kind: 'answered' });
      await capped.pass(10_000);
      expect(await capped.ask(0, 'bot', 1_000)).toMatchObject({ kind: 'denied', reason: 'capped' });
      await capped.pass(MINUTE_MS);
      expect((await capped.ask(0, 'later')).kind).toBe('granted');
      await capped.forget();
    });
  });
});
