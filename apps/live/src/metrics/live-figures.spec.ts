import { ManualClock } from '@candlekeep/clock';
import type { LiveStatus } from '@candlekeep/feed';
import { parseMarketCode } from '@candlekeep/market';
import { Metrics } from '@candlekeep/telemetry';
import { tellLive } from './live-figures';

describe('what a live process tells', () => {
  const market: LiveStatus['markets'][number] = {
    ...{ market: parseMarketCode('KRW-BTC'), provenance: { native: 0, stream: 0, rest: 0 } },
    ...{ proven: 8, empty: 1, doubtful: 1, corrections: 0 },
    mode: 'stream',
  };
  const leading: LiveStatus = {
    ...{ leader: 'a:1', token: 1, sinceMs: 0, atMs: 0 },
    stream: { state: 'steady', ageMs: 250, lagMs: 40 },
    markets: [market, { ...market, market: parseMarketCode('KRW-ETH'), mode: 'rest', proven: 2 }],
  };
  const told = async (status: LiveStatus | undefined): Promise<string[]> => {
    const metrics = new Metrics('live', new ManualClock());
    tellLive(metrics, () => status);
    const { text } = await metrics.expose(undefined);
    return text.split('\n').filter((line) => line.startsWith('candlekeep'));
  };

  it('is, standing by, nothing of a stream', async () => {
    const lines = await told(undefined);
    expect(lines[0]).toBe('candlekeep_live_leading 0');
    expect(lines.slice(1)).toEqual(
      ['proven', 'empty', 'doubtful', 'corrections'].map(
        (verdict) => `candlekeep_stream_verdicts_total{verdict="${verdict}"} 0`,
      ),
    );
  });

  it('is of verdicts a sum that never falls, though markets go and terms count anew', async () => {
    const metrics = new Metrics('live', new ManualClock());
    let now: LiveStatus | undefined = { ...leading, markets: [market] };
    tellLive(metrics, () => now);
    const proven = async (): Promise<string | undefined> =>
      /verdict="proven"\} (\d+)/.exec((await metrics.expose(undefined)).text)?.[1];
    expect(await proven()).toBe('8');
    now = { ...leading, markets: [{ ...market, proven: 10 }] };
    expect(await proven()).toBe('10');
    now = { ...leading, markets: [] };
    expect(await proven()).toBe('10');
    now = undefined;
    expect(await proven()).toBe('10');
    now = { ...leading, markets: [{ ...market, proven: 3 }] };
    expect(await proven()).toBe('13');
    now = { ...leading, markets: [{ ...market, proven: 1 }] };
    expect(await proven()).toBe('14');
  });

  it('is, leading, the stream and the markets that it follows', async () => {
    expect(await told(leading)).toEqual([
      'candlekeep_live_leading 1',
      'candlekeep_stream_state{state="away"} 0',
      'candlekeep_stream_state{state="silent"} 0',
      'candlekeep_stream_state{state="lagging"} 0',
      'candlekeep_stream_state{state="steady"} 1',
      'candlekeep_stream_age_seconds 0.25',
      'candlekeep_stream_lag_seconds 0.04',
      'candlekeep_followed_markets{mode="stream"} 1',
      'candlekeep_followed_markets{mode="rest"} 1',
      'candlekeep_stream_verdicts_total{verdict="proven"} 10',
      'candlekeep_stream_verdicts_total{verdict="empty"} 2',
      'candlekeep_stream_verdicts_total{verdict="doubtful"} 2',
      'candlekeep_stream_verdicts_total{verdict="corrections"} 0',
    ]);
  });

  it('is no age of a stream that has not spoken yet', async () => {
    const lines = await told({ ...leading, stream: { state: 'away' } });
    expect(lines.some((line) => /_(?:age|lag)_seconds/.test(line))).toBe(false);
    expect(lines).toContain('candlekeep_stream_state{state="away"} 1');
  });
});
