import { gunzipSync } from 'node:zlib';
import { ask, askJson, type Asking, type Heard } from '../../testing/ask';
import { LeapingClock } from '../../testing/leaping-clock';
import { startSimulator, type Simulator } from '../simulator';

const PATH = '/v1/candles/minutes/1?market=KRW-BTC&count=3&to=2026-11-22T13:00:00Z';
const GZIP = { 'Accept-Encoding': 'gzip' };

describe('a fault on demand', () => {
  const clock = new LeapingClock(Date.UTC(2026, 10, 22, 13, 50, 2, 345));
  let simulator: Simulator;
  let sound: Heard;
  const hear = (asking: Asking = {}): Promise<Heard> => ask(simulator.url + PATH, asking);
  const control = (path: string, asking: Asking = {}): Promise<Heard> =>
    ask((simulator.controlUrl ?? '') + path, asking);
  const inject = async (body: object): Promise<void> => {
    const { status, raw } = await control('/faults', { method: 'POST', body });
    expect([status, raw.toString()]).toEqual([200, expect.any(String)]);
  };
  beforeAll(async () => {
    simulator = await startSimulator({ clock, controlPort: 0 });
    sound = await hear();
  });
  afterEach(async () => {
    await control('/faults', { method: 'DELETE' });
    await clock.advance(10_000);
    expect((await hear()).raw).toEqual(sound.raw);
    await clock.advance(1_000);
    await control('/calls', { method: 'DELETE' });
  });
  afterAll(() => simulator.close());

  it.each([
    [{ kind: 'status-500' }, 500, 'application/json;charset=UTF-8', /^\{"error":\{"name":500,/],
    [{ kind: 'status-502' }, 502, 'text/html', /<h1>502 Bad Gateway/],
    [{ kind: 'status-503', body: 'json' }, 503, 'application/json;charset=UTF-8', /^\{"error"/],
    [{ kind: 'status-504' }, 504, 'text/html', /Gateway Time-out/],
    [{ kind: 'html-200' }, 200, 'text/html;charset=UTF-8', /maintenance/],
    [{ kind: 'garbage-json' }, 200, 'application/json;charset=UTF-8', /^\[\{"market".*[^\]]$/],
    [{ kind: 'garbage-json', text: 'oops' }, 200, 'application/json;charset=UTF-8', /^oops$/],
    [{ kind: 'empty-list' }, 200, 'application/json;charset=UTF-8', /^\[\]$/],
  ])('answers another status or body: %j', async (fault, status, type, body) => {
    await inject(fault);
    const heard = await hear();
    expect([heard.status, heard.headers['content-type']]).toEqual([status, type]);
    expect(heard.raw.toString()).toMatch(body);
    expect(heard.headers['remaining-req']).toMatch(/^group=candles; min=600; sec=\d$/);
  });

  it('gives wrong rows with headers that fit them', async () => {
    await inject({ kind: 'missing-field', field: 'low_price' });
    const { headers, raw } = await hear();
    expect(headers.etag).not.toBe(sound.headers.etag);
    expect(headers['content-length']).toBe(String(raw.length));
    expect(raw.toString().match(/low_price/g)).toHaveLength(2);
  });

  it('never answers, until all faults are ended', async () => {
    await inject({ kind: 'timeout' });
    const gaveUp = new AbortController();
    const given = expect(hear({ signal: gaveUp.signal })).rejects.toThrow('aborted');
    const waiting = expect(hear()).rejects.toThrow('hang up');
    await expectCalls(2);
    gaveUp.abort();
    await given;
    await control('/faults', { method: 'DELETE' });
    await waiting;
  });

  it('does not keep a simulator from closing', async () => {
    const other = await startSimulator({ clock, controlPort: 0 });
    await ask(`${other.controlUrl ?? ''}/faults`, { method: 'POST', body: { kind: 'timeout' } });
    const waiting = expect(ask(other.url + PATH)).rejects.toThrow('hang up');
    await expectCalls(1, other);
    await other.close();
    await waiting;
  });

  it('resets the connection before or after the headers', async () => {
    await inject({ kind: 'reset', times: 1 });
    await expect(hear()).rejects.toThrow(/ECONNRESET/);
    await inject({ kind: 'reset', when: 'after-headers' });
    await expect(hear()).rejects.toThrow(/ECONNRESET|aborted/);
  });

  it('promises more than it sends', async () => {
    await inject({ kind: 'truncated-body' });
    await expect(hear()).rejects.toThrow('aborted');
    await expect(hear({ headers: GZIP })).rejects.toThrow('aborted');
  });

  it.each([GZIP, {}])('stops in the middle of a gzip stream (asked with %j)', async (headers) => {
    await inject({ kind: 'truncated-gzip' });
    const heard = await hear({ headers });
    expect(heard.headers['content-encoding']).toBe('gzip');
    expect(() => gunzipSync(heard.raw)).toThrow('unexpected end of file');
  });

  it('lets the body trickle', async () => {
    await inject({ kind: 'slow-body', chunkBytes: 100, everyMs: 50 });
    const startMs = clock.monotonicMs();
    expect((await hear()).raw).toEqual(sound.raw);
    expect(clock.monotonicMs() - startMs).toBe(Math.ceil(sound.raw.length / 100) * 50);
  });

  it('hides its clock or has it wrong', async () => {
    await inject({ kind: 'no-date', times: 1 });
    expect((await hear()).headers.date).toBeUndefined();
    await inject({ kind: 'skewed-date', byMs: -3_600_000 });
    const skewedMs = Date.parse((await hear()).headers.date ?? '');
    expect(Math.round((clock.nowMs() - skewedMs) / 60_000)).toBe(60);
  });

  it('refuses as if the limit were reached, and the witness counts it', async () => {
    await inject({ kind: 'rate-limited', times: 1 });
    const { status, headers, raw } = await hear();
    expect([status, raw.toString()]).toEqual([429, 'Too many API requests.']);
    expect(headers['remaining-req']).toBe('group=candles; min=600; sec=0');
    expect(await calls()).toMatchObject({ total: 1, rejected: 1, violations: [] });
  });

  it('blocks the address for a stated time, twice as long at the next time, and records who calls then', async () => {
    await inject({ kind: 'banned', times: 2, blockMs: 30_000, form: 'header' });
    const first = await hear();
    expect([first.status, first.headers['retry-after']]).toEqual([418, '30']);
    await clock.advance(20_000);
    const early = await ask(`${simulator.url}/v1/market/all`);
    expect([early.status, early.headers['retry-after']]).toEqual([418, '10']);
    expect(await calls()).toMatchObject({
      rejected: 2,
      violations: [{ kind: 'call-while-blocked', group: 'market', leftMs: 10_000 }],
    });
    await clock.advance(10_000);
    expect((await hear()).headers['retry-after']).toBe('60');
  });

  it.each([
    ['text', 'This IP is blocked for 5 seconds.'],
    ['json', '{"error":{"name":418,"message":"This IP is blocked for 5 seconds."}}'],
    ['unstated', 'Blocked.'],
  ])('states the block time as %s', async (form, body) => {
    await inject({ kind: 'banned', times: 1, blockMs: 5_000, form });
    expect((await hear()).raw.toString()).toBe(body);
  });

  it('blocks after repeated 429s once that is switched on', async () => {
    await inject({ kind: 'escalation', after: 3, blockMs: 2_000 });
    const statuses: number[] = [];
    for (let i = 0; i < 14; i += 1) statuses.push((await hear()).status);
    expect(statuses.slice(10)).toEqual([429, 429, 429, 418]);
    expect(await calls()).toMatchObject({ rejected: 4, violationCount: 5 });
  });

  const calls = (of = simulator): Promise<unknown> => askJson(`${of.controlUrl ?? ''}/calls`);

  /** Until so many calls have arrived. */
  async function expectCalls(total: number, of = simulator): Promise<void> {
    for (;;) {
      const seen = await calls(of);
      if (JSON.stringify(seen).startsWith(`{"total":${total},`)) return;
    }
  }
});
