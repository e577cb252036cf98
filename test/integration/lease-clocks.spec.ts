import { SystemClock } from '@candlekeep/clock';
import { Lease } from '@candlekeep/lease';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { HeldLeases } from '../support/held-leases';
import { MovableRedisTime } from '../support/movable-redis-time';
import { TestRedis } from '../support/redis';
import { failingConnection } from '../support/window-ledger';

const TTL_MS = 300;
const HOUR_MS = 3_600_000;
const START_MS = 1_756_684_800_000;

/** The server's clock stands still but for the test, which is no clock at all: what a holder counts itself is its own. */
describe('a lease on a server whose clock is set', () => {
  const clock = new SystemClock();
  const servers = new TestRedis();
  const name = `test-${clock.token()}`;
  const timeKey = `time-of-${name}`;
  const time = new MovableRedisTime(servers.queue(), timeKey);
  let leases: HeldLeases;
  let isDead = false;

  beforeEach(async () => {
    isDead = false;
    leases = new HeldLeases();
    await time.moveTo(START_MS);
  });
  afterEach(async () => {
    await leases.stop();
    await time.connection.del(keys.lease(name));
  });
  afterAll(async () => {
    await time.connection.del(timeKey);
    servers.close();
  });

  const hold = (redis: RedisConnection = time.connection) =>
    leases.hold(new Lease({ redis, name, clock, log: silentLogger, ttlMs: TTL_MS }));
  const holdUntilDeath = () => hold(failingConnection(time.connection, () => isDead));

  it('gives tokens that are at least the server’s time', async () => {
    hold();
    expect((await leases.nextTerm()).token).toBe(START_MS);
  });

  it('is not lost when the clock is set back, and its tokens go on rising', async () => {
    const { stop } = hold();
    const first = await leases.nextTerm();
    await time.moveTo(START_MS - HOUR_MS);
    await clock.sleep(TTL_MS * 2);
    expect(first.signal.aborted).toBe(false);
    hold();
    await stop();
    expect((await leases.nextTerm()).token).toBe(START_MS + 1);
  });

  it('runs out in time though its holder died before the clock was set back', async () => {
    holdUntilDeath();
    await leases.nextTerm();
    isDead = true;
    await time.moveTo(START_MS - HOUR_MS);
    hold();
    await clock.sleep(TTL_MS);
    expect(leases.terms).toHaveLength(1);
    await time.moveTo(START_MS - HOUR_MS + TTL_MS - 1);
    await clock.sleep(TTL_MS);
    expect(leases.terms).toHaveLength(1);
    await time.moveTo(START_MS - HOUR_MS + TTL_MS);
    expect((await leases.nextTerm()).token).toBe(START_MS + 1);
  });

  it('tells its holder of a successor when the clock is set forward', async () => {
    hold(); // Asks first, and renews only after a third of the time.
    const first = await leases.nextTerm();
    await time.moveTo(START_MS + HOUR_MS);
    const hasty = new Lease({
      redis: time.connection,
      name,
      clock,
      log: silentLogger,
      ttlMs: 60_000,
    });
    leases.hold(hasty);
    const second = await leases.nextTerm();
    expect(second.token).toBe(START_MS + HOUR_MS);
    await clock.sleep(TTL_MS);
    expect(first.signal.reason).toMatchObject({ kind: 'lost' });
    expect(second.signal.aborted).toBe(false);
  });

  it('goes on above its own tokens when the server lost memory and time', async () => {
    hold();
    const first = await leases.nextTerm();
    await time.moveTo(START_MS - HOUR_MS);
    await time.connection.del(keys.lease(name));
    expect((await leases.nextTerm()).token).toBe(first.token + 1);
  });
});
