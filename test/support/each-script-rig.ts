import { SystemClock } from '@candlekeep/clock';
import type { RedisConnection } from '@candlekeep/redis';
import { TestRedis } from './redis';
import { ScriptRig } from './script-rig';

const clock = new SystemClock();

/** The rig of the test that runs, and what its egress' budget says. */
export class EachScriptRig {
  private current: { readonly rig: ScriptRig; readonly egressId: string } | undefined;

  private constructor(readonly redis: RedisConnection) {}

  /** For the tests of one `describe`: a settled rig of an egress of its own before each, forgotten after it. */
  static use(): EachScriptRig {
    const servers = new TestRedis();
    const each = new EachScriptRig(servers.queue());
    beforeEach(async () => {
      const egressId = `scripts-${clock.token()}`;
      each.current = { egressId, rig: new ScriptRig(each.redis, { egressId, group: 'candles' }) };
      await each.rig.settle();
    });
    afterEach(async () => {
      await each.rig.forget();
    });
    afterAll(() => {
      servers.close();
    });
    return each;
  }

  get rig(): ScriptRig {
    return this.now().rig;
  }

  get egressId(): string {
    return this.now().egressId;
  }

  async breaker() {
    return (await this.rig.group().read()).group.breaker;
  }

  async circuit() {
    return (await this.rig.group().read()).egress.circuit;
  }

  private now() {
    if (this.current === undefined) throw new Error('a rig is there while a test runs');
    return this.current;
  }
}
