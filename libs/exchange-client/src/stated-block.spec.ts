import { findStatedBlockMs } from './stated-block';

function stated(body: string, headers: Record<string, string> = {}): number | undefined {
  const header = (name: string): string | undefined => headers[name];
  return findStatedBlockMs({ target: '/v1/market/all', status: 418, header, body });
}

describe('the length of a block', () => {
  it.each([
    ['blocked for 90 seconds', 90_000],
    ['{"error":{"name":418,"message":"try again in 5 minutes"}}', 300_000],
    ['1 minute 30 seconds', 90_000],
    ['2h', 7_200_000],
    ['30초 후 다시 시도해 주세요', 30_000],
    ['10분 동안 차단', 600_000],
    ['1500ms', 1_500],
  ])('is read from the body: %s', (body, blockedMs) => {
    expect(stated(body)).toBe(blockedMs);
  });

  it('is read from Retry-After, in seconds or as a date by the clock of the exchange', () => {
    expect(stated('in 5 minutes', { 'retry-after': '120' })).toBe(120_000);
    const headers = {
      date: 'Wed, 11 Mar 2026 14:40:59 GMT',
      'retry-after': 'Wed, 11 Mar 2026 14:41:59 GMT',
    };
    expect(stated('', headers)).toBe(60_000);
  });

  it('is undefined when nothing readable is stated', () => {
    expect(stated('')).toBeUndefined();
    expect(stated('{"error":{"name":418,"message":"blocked"}}')).toBeUndefined();
    expect(stated('', { 'retry-after': 'soon' })).toBeUndefined();
  });

  it('stays between a second and a day', () => {
    expect(stated('', { 'retry-after': '0' })).toBe(1_000);
    expect(stated('99999 hours')).toBe(86_400_000);
  });
});
