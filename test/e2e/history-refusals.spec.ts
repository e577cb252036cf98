import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { HistoryDoor } from '../support/history-door';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), expected: z.string() })).default([]),
});

describe('a wish that cannot be met', () => {
  let house: House;
  let door: HistoryDoor;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.historyRefusals });
    door = new HistoryDoor(() => house.gateways[0]!.url());
  });
  afterAll(async () => {
    await house.close();
  });

  const sound = { market: 'KRW-BTC', timeframe: '1m', from: '2026-01-01', to: '2026-01-02' };
  const refusal = async (method: string, target: string, body?: string, contentType?: string) => {
    const answer = await door.send(method, target, body, contentType);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const said = problem.parse(JSON.parse(answer.body));
    expect(said.status).toBe(answer.status);
    return said;
  };

  it.each([
    [{ market: undefined }, 'market', 'one pair such as KRW-BTC'],
    [{ market: 'BTC' }, 'market', 'one pair such as KRW-BTC'],
    [{ timeframe: '2m' }, 'timeframe', 'expected one of 1s, 1m, 3m'],
    [{ from: 'yesterday' }, 'from', 'an ISO 8601 instant such as 2025-09-01'],
    [{ from: '2026-02-31' }, 'from', 'an ISO 8601 instant'],
    [{ from: '1969-12-31' }, 'from', 'from 1970 on'],
    [{ to: '2025-12-31' }, 'to', 'an instant after "from"'],
    [{ to: '9000-01-01' }, 'to', 'no instant in the future'],
    [
      { timeframe: '1y', to: '2026-06-01', from: '2026-05-01' },
      'from',
      'a range in which a closed 1y candle opens',
    ],
    [{ limit: 3 }, 'body', 'only market, timeframe, from and to'],
  ])('is refused with the field and what would be right: %j', async (wrong, field, expected) => {
    const body = JSON.stringify({ ...sound, ...wrong });
    for (const tasks of ['backfills', 'verifications']) {
      const { status, errors } = await refusal('POST', `/api/${tasks}`, body);
      expect(status).toBe(400);
      expect(errors.map((error) => error.field)).toEqual([field]);
      expect(errors[0]?.expected).toContain(expected);
    }
  });

  it('is refused for a market that the exchange does not list', async () => {
    const wish = JSON.stringify({ ...sound, market: 'KRW-NOPE' });
    await house.ask('/v1/candles/days?market=KRW-NOPE');
    await waitFor(async () => {
      expect(await refusal('POST', '/api/verifications', wish)).toMatchObject({
        errors: [{ field: 'market', expected: 'expected a listed market; KRW-NOPE is none' }],
      });
    });
  });

  it('is refused when it is no JSON, or does not say that it is', async () => {
    const body = JSON.stringify(sound);
    expect(await refusal('POST', '/api/backfills', '{"market":')).toMatchObject({ status: 400 });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      expect(await refusal('POST', '/api/backfills', body, type)).toMatchObject({ status: 415 });
    }
    expect(await refusal('POST', '/api/backfills')).toMatchObject({ status: 415 });
    expect(await refusal('POST', '/api/backfills', '[]')).toMatchObject({ status: 400 });
  });

  it('is refused when there is no such thing', async () => {
    expect(await refusal('GET', '/api/backfills/none')).toMatchObject({
      status: 404,
      detail: 'There is no backfill "none".',
    });
    expect(await refusal('DELETE', '/api/verifications/none')).toMatchObject({ status: 404 });
    expect(await refusal('GET', '/api/backfills/%00')).toMatchObject({ status: 404 });
    for (const target of ['/api/nothing', '/api', '/api?x', '/api/']) {
      expect(await refusal('GET', target)).toMatchObject({ status: 404 });
    }
    expect(await refusal('GET', '/api/backfills/%zz')).toMatchObject({ status: 400 });
    const emptyJson = await refusal('DELETE', '/api/backfills/none', '');
    expect(emptyJson).toMatchObject({ status: 404, detail: 'There is no backfill "none".' });
    expect(await refusal('DELETE', '/api/candles')).toMatchObject({ status: 400 });
    expect(await refusal('DELETE', '/api/candles?market=KRW-A,KRW-B')).toMatchObject({
      status: 400,
    });
  });

  it("leaves the exchange's own paths in the exchange's own words", async () => {
    const { body } = await door.send('GET', '/v1/nothing');
    expect(body).toBe((await house.askExchange('/v1/nothing')).body);
  });

  it('is explained on the command line', async () => {
    const known = 'backfill knows --market, --timeframe, --from, --to, --cancel, --gateway, --help';
    for (const [args, told] of [
      [['backfill', '--markt', 'KRW-BTC'], `there is no flag --markt; ${known}`],
      [['backfill', '--market'], '--market needs a value: KRW-BTC'],
      [['backfill', '--market', 'KRW-BTC', 'now'], '"now" stands alone'],
      [['backfill', '--from', '2026-01-01'], '--market is missing'],
      [['verify', '--market', 'KRW-BTC', '--from', 'then'], 'from: expected an ISO 8601 instant'],
      [['fill'], 'there is no command "fill": choose one of backfill, verify, purge'],
    ] as const) {
      const { code, output } = await door.command(...args);
      expect({ code, told: output.includes(told), output }).toMatchObject({ code: 1, told: true });
    }
    const page = await door.command('verify', '--help');
    expect(page.code).toBe(0);
    expect(page.output).toContain('npm run verify -- [flags]');
  });
});
