import type { HttpAnswer } from '../support/http-get';
import { House } from '../support/house';
import { noteFigures } from '../support/limiter/proof-figures';
import { redisDatabases } from '../support/redis-databases';

const GATEWAYS = 4;
const CALLERS = 200;
/** Of hours: fourteen of them are more than the newest page of minutes could serve. */
const COUNTS = [14, 60, 200];
const WHO = `${CALLERS} callers at once, ${GATEWAYS} gateways`;

describe('two hundred callers who ask four gateways at once for what nobody knows yet', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.singleFlight, gateways: GATEWAYS, workers: 2 },
      exchange: { LATENCY_PROFILE: 'measured' },
    });
    for (let gateway = 0; gateway < GATEWAYS; gateway += 1) {
      await house.ask('/v1/market/all', {}, gateway);
    }
  });
  afterAll(async () => {
    await house.close();
  });

  it('cost one call, whatever their counts', async () => {
    const { answers, calls } = await askAtOnce('KRW-SOL');
    noteFigures('single flight', { [WHO]: 'all is well', calls: calls.length });
    expect(calls).toEqual([pageOf('KRW-SOL')]);
    expectSlices(answers);
  });

  it('cost two calls when the first one fails, and all are answered', async () => {
    await house.disturb({ kind: 'status-503', times: 1, match: { group: 'candles' } });
    const { answers, calls } = await askAtOnce('KRW-DOGE');
    noteFigures('single flight', { [WHO]: 'the first attempt fails', calls: calls.length });
    expect(calls).toEqual([pageOf('KRW-DOGE'), pageOf('KRW-DOGE')]);
    expectSlices(answers);
  });

  /** Callers of one series, all of whom would take a head of the last minute, and the calls of candles that they cost. */
  async function askAtOnce(market: string): Promise<{ answers: HttpAnswer[]; calls: string[] }> {
    let answers: HttpAnswer[] = [];
    const urls = await house.urlsDuring(async () => {
      const asked = Array.from({ length: CALLERS }, (_, caller) => {
        const path = `/v1/candles/minutes/60?market=${market}&count=${countOf(caller)}`;
        return house.ask(path, { 'cache-control': 'max-age=60' }, caller % GATEWAYS);
      });
      answers = await Promise.all(asked);
    });
    return { answers, calls: urls.filter((url) => url.startsWith('/v1/candles/')) };
  }

  function pageOf(market: string): string {
    return `/v1/candles/minutes/60?market=${market}&count=200`;
  }

  function expectSlices(answers: readonly HttpAnswer[]): void {
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const lists = answers.map(({ body }): unknown => JSON.parse(body));
    const longest = lists[COUNTS.indexOf(200)];
    if (!Array.isArray(longest)) throw new Error(`no list of rows: ${JSON.stringify(longest)}`);
    lists.forEach((rows, caller) => {
      expect(rows).toEqual(longest.slice(0, countOf(caller)));
    });
  }

  function countOf(caller: number): number {
    return COUNTS[caller % COUNTS.length]!;
  }
});
