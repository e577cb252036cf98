import { SystemClock } from '@candlekeep/clock';
import { Lease, type LeaseParts, type Term, TermOver } from '@candlekeep/lease';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { LogRecorder } from '../support/log-recorder';
import { TestRedis } from '../support/redis';
import { failingConnection } from '../support/window-ledger';
import { HeldLeases } from '../support/held-leases';

const TTL_MS = 500;
/** When the next one has a lease whose holder has died, with a second for a busy machine. */
const FOLLOWED_WITHIN_MS = TTL_MS * 1.2 + 1_000;

describe('a lease', () => {
  const clock = new SystemClock();
  const servers = new TestRedis();
  const redis = servers.queue();
  let leases: HeldLeases;
  let name: string;

  beforeEach(() => {
    name = `test-${clock.token()}`;
    leases = new HeldLeases();
  });
  afterEach(async () => {
    await leases.stop();
    await redis.del(keys.lease(name));
  });
  afterAll(() => {
    servers.close();
  });

  const open = (parts: Partial<LeaseParts> = {}): Lease =>
    new Lease({ redis, name, clock, log: silentLogger, ttlMs: TTL_MS, ...parts });
  const hold = (parts: Partial<LeaseParts> = {}) => leases.hold(open(parts));
  /** A process whose commands do not reach Redis any more from `die()` on. */
  const mortal = (): { redis: RedisConnection; die: () => void } => {
    let isDead = false;
    return { redis: failingConnection(redis, () => isDead), die: () => (isDead = true) };
  };

  it('has one holder among many, and the next one at once when that one stops', async () => {
    // Long enough for a machine that stands still for a second: that would end the term, and rightly so.
    const ttlMs = TTL_MS * 4;
    const all = [hold({ ttlMs }), hold({ ttlMs }), hold({ ttlMs })];
    const first = await leases.nextTerm();
    await clock.sleep(ttlMs * 1.5);
    expect(leases.terms).toHaveLength(1);
    expect(first.signal.aborted).toBe(false);
    const stoppedAtMs = clock.monotonicMs();
    await all.find((one) => one.term === first)?.stop();
    const second = await leases.nextTerm();
    expect(clock.monotonicMs() - stoppedAtMs).toBeLessThan(ttlMs);
    expect(second.token).toBeGreaterThan(first.token);
    expect(first.signal.reason).toMatchObject({ kind: 'stopped' });
  });

  it('tells who holds it', async () => {
    expect(await open().holder()).toBeUndefined();
    const { stop } = hold();
    const { token } = await leases.nextTerm();
    const told = await open().holder();
    expect(told).toMatchObject({ token });
    expect(told?.holder).toContain(String(process.pid));
    await stop();
    expect(await open().holder()).toBeUndefined();
    expect(await redis.pttl(keys.lease(name))).toBeGreaterThan(0);
  });

  it('goes to another soon after its holder died, and not before it has run out', async () => {
    const { redis: cut, die } = mortal();
    hold({ redis: cut });
    const first = await leases.nextTerm();
    hold();
    await clock.sleep(TTL_MS);
    die();
    const diedAtMs = clock.monotonicMs();
    const second = await leases.nextTerm();
    expect(clock.monotonicMs() - diedAtMs).toBeLessThan(FOLLOWED_WITHIN_MS);
    expect(first.signal.reason).toMatchObject({ kind: 'ran-out' });
    expect(second.token).toBeGreaterThan(first.token);
  });

  it('is never held twice at once, and its tokens rise, however holders stop, fail and die', async () => {
    const overlaps: number[] = [];
    const tokens: number[] = [];
    let holders = 0;
    const chances: ((die: () => void) => Promise<void>)[] = [
      () => Promise.resolve(),
      () => Promise.reject(new Error('the work failed')),
      () => clock.sleep(40),
      (die) => {
        die();
        return Promise.resolve();
      },
    ];
    const live = async (number: number): Promise<void> => {
      while (tokens.length < 40) {
        const { redis: cut, die } = mortal();
        const ending = new AbortController();
        await open({ redis: cut, ttlMs: 150 }).hold(ending.signal, async ({ token }) => {
          holders += 1;
          tokens.push(token);
          overlaps.push(holders);
          const chance = chances[(tokens.length * 7 + number) % chances.length];
          if (tokens.length >= 40 || chance === chances[3]) ending.abort();
          await chance?.(die).finally(() => (holders -= 1));
        });
      }
    };
    await Promise.all([0, 1, 2, 3].map(live));
    expect(new Set(overlaps)).toEqual(new Set([1]));
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
  });

  it('does its work again after it has ended or failed, under a larger token, and logs the failure', async () => {
    const log = new LogRecorder();
    const stopping = new AbortController();
    const tokens: number[] = [];
    const failure = new Error('no such market');
    await open({ log }).hold(stopping.signal, (term) => {
      tokens.push(term.token);
      if (tokens.length === 3) stopping.abort();
      return tokens.length === 2 ? Promise.reject(failure) : Promise.resolve();
    });
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
    expect(tokens).toHaveLength(3);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([{ fields: { token: tokens[1], error: failure } }]);
  });

  it('takes no failure from work that ends because its term does', async () => {
    const log = new LogRecorder();
    const stopping = new AbortController();
    await open({ log }).hold(stopping.signal, async ({ signal }: Term) => {
      stopping.abort();
      await clock.sleep(60_000, signal);
    });
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('is given up for a newer token, and taken again above it', async () => {
    hold();
    const first = await leases.nextTerm();
    const seenToken = first.token + 1_000_000_000;
    first.depose(seenToken);
    expect(first.signal.reason).toBeInstanceOf(TermOver);
    expect((await leases.nextTerm()).token).toBe(seenToken + 1);
  });

  it('can be stopped before it was ever held', async () => {
    hold();
    await leases.nextTerm();
    const waiting = hold();
    await clock.sleep(20);
    await waiting.stop();
    await open().hold(AbortSignal.abort(), () => Promise.reject(new Error('was not to run')));
    expect(leases.terms).toHaveLength(1);
  });

  it.each([0, 99, 1_000.5, NaN, 3_600_000])('cannot be given for %p ms', (ttlMs) => {
    expect(() => open({ ttlMs })).toThrow(RangeError);
  });
});
