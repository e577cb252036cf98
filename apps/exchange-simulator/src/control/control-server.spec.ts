import { ManualClock } from '@candlekeep/clock';
import { ask, askJson } from '../../testing/ask';
import { startSimulator, type Simulator } from '../simulator';

const NOW_MS = Date.UTC(2026, 10, 22, 13, 50, 2, 345);

describe('the control door', () => {
  let simulator: Simulator;
  let control: string;
  beforeAll(async () => {
    simulator = await startSimulator({ clock: new ManualClock(NOW_MS), controlPort: 0 });
    control = simulator.controlUrl ?? '';
  });
  afterAll(() => simulator.close());
  const post = async (path: string, body: unknown, method = 'POST'): Promise<[number, string]> => {
    const { status, raw } = await ask(control + path, { method, body });
    return [status, raw.toString()];
  };

  it('tells how to use it, every kind of fault included', async () => {
    const { status, raw } = await ask(`${control}/`);
    expect(status).toBe(200);
    for (const words of ['CONTROL_PORT', 'curl', 'status-503', 'slow-body', 'escalation']) {
      expect(raw.toString()).toContain(words);
    }
  });

  it('lists a market at run time and takes it off again', async () => {
    const [status, listed] = await post('/markets', { market: 'KRW-NEW', like: 'KRW-SOL' });
    expect([status, JSON.parse(listed)]).toEqual([
      200,
      { market: 'KRW-NEW', like: 'KRW-SOL', listedMs: Date.UTC(2026, 10, 22, 13, 50) },
    ]);
    const all = `${simulator.url}/v1/market/all`;
    expect((await ask(all)).raw.toString()).toContain('"market":"KRW-NEW"');
    expect(await post('/markets', { market: 'KRW-NEW', like: 'KRW-SOL' })).toEqual([
      400,
      'KRW-NEW is listed already; DELETE /markets/KRW-NEW first\n',
    ]);
    expect((await ask(`${control}/markets/krw-new`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(`${control}/markets/krw-new`, { method: 'DELETE' })).status).toBe(404);
    expect(await askJson(`${control}/markets`)).toMatchObject({
      delisted: ['KRW-LUNA', 'KRW-NEW'],
    });
  });

  it('changes the latency', async () => {
    const [status] = await post('/latency', { profile: 'measured', seed: 'a' }, 'PUT');
    expect(status).toBe(200);
    expect(await askJson(`${control}/latency`)).toEqual({
      profile: 'measured',
      meanMs: 0,
      seed: 'a',
    });
    await post('/latency', {}, 'PUT');
    expect(await askJson(`${control}/latency`)).toMatchObject({ profile: 'none', meanMs: 0 });
  });

  it('switches faults on, shows and ends them', async () => {
    const [, added] = await post('/faults', {
      kind: 'status-503',
      times: 2,
      match: { group: 'market' },
    });
    expect(JSON.parse(added)).toEqual({
      id: 1,
      kind: 'status-503',
      times: 2,
      match: { group: 'market' },
      struck: 0,
      isActive: true,
    });
    expect(await askJson(`${control}/faults`)).toHaveLength(1);
    expect((await ask(`${control}/faults/1`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(`${control}/faults/1`, { method: 'DELETE' })).status).toBe(404);
    expect(await askJson(`${control}/faults`)).toEqual([]);
  });

  it.each([
    [{}, /^the body cannot be used; correct kind: /],
    [{ kind: 'nothing' }, /kind: .*"status-500"/],
    [{ kind: 'reset', times: 0 }, /times: /],
    [{ kind: 'reset', probability: 2 }, /probability: /],
    [{ kind: 'reset', when: 'never' }, /when: .*"before-headers"/],
    [{ kind: 'reset', forms: 1 }, /Unrecognized key: "forms"/],
    [{ kind: 'reset', match: { markets: 'KRW-BTC' } }, /match: Unrecognized key: "markets"/],
    [{ kind: 'escalation', times: 1 }, /times: a fault of kind escalation lasts/],
    ['reset', /body: /],
  ])('answers a clear 400 to the fault %j', async (body, message) => {
    const [status, text] = await post('/faults', body);
    expect(status).toBe(400);
    expect(text).toMatch(message);
  });

  it('answers a clear 400 to what is no JSON, too long, or a market that cannot be', async () => {
    const { status, raw } = await ask(`${control}/faults`, { method: 'POST' });
    expect([status, raw.toString()]).toEqual([400, expect.stringContaining('is not JSON')]);
    expect(await post('/faults', 'x'.repeat(300_000))).toEqual([
      400,
      'the body is 300002 bytes long; send at most 200000\n',
    ]);
    expect(await post('/markets', { market: 'new', like: 'KRW-SOL' })).toEqual([
      400,
      expect.stringContaining('market: expected one pair in upper case'),
    ]);
    expect(await post('/markets', { market: 'KRW-A', like: 'KRW-B' })).toEqual([
      400,
      expect.stringContaining('choose one of KRW-BTC'),
    ]);
    expect((await post('/latency', { profile: 'slow' }, 'PUT'))[0]).toBe(400);
  });

  it('names its paths to whoever asks for another, and is no part of the exchange', async () => {
    const { status, raw } = await ask(`${control}/v1/market/all`);
    expect([status, raw.toString()]).toEqual([404, expect.stringContaining('use GET /calls, ')]);
    expect((await ask(`${simulator.url}/faults`)).status).toBe(404);
  });
});
