import type { Candle } from '@candlekeep/market';
import { MarketTrust } from './market-trust';

const row: Candle = {
  openMs: 0,
  open: '1.00000000',
  high: '1.00000000',
  low: '1.00000000',
  close: '1.00000000',
  timestampMs: 1,
  turnover: '1.00000000',
  volume: '1.00000000',
};
const other = { ...row, volume: '1.00000001' };

describe('the trust in a market', () => {
  it('is lost at the third correction, and back after sixty minutes that agree', () => {
    const trust = new MarketTrust();
    expect([other, undefined].map((own) => trust.compare(row, own))).toEqual([false, false]);
    expect(trust.readEachClose).toBe(false);
    trust.compare(undefined, row);
    expect(trust.readEachClose).toBe(true);
    agree(trust, 59);
    expect(trust.readEachClose).toBe(true);
    agree(trust, 1);
    expect(trust).toMatchObject({ readEachClose: false, compared: 63, corrected: 3 });
    trust.compare(row, other);
    expect(trust.readEachClose).toBe(false);
  });

  it('begins its sixty minutes again at each correction', () => {
    const trust = new MarketTrust();
    for (let i = 0; i < 3; i += 1) trust.compare(row, other);
    agree(trust, 59);
    trust.compare(row, other);
    agree(trust, 59);
    expect(trust.readEachClose).toBe(true);
  });

  it('is lost when one in a hundred of its last two hundred minutes was corrected', () => {
    const trust = new MarketTrust();
    trust.compare(row, other);
    agree(trust, 198);
    trust.compare(row, other);
    expect(trust.readEachClose).toBe(true);
  });

  it('forgets what was corrected longer ago', () => {
    const trust = new MarketTrust();
    trust.compare(row, other);
    agree(trust, 200);
    trust.compare(row, other);
    agree(trust, 300);
    expect(trust.readEachClose).toBe(false);
  });
});

function agree(trust: MarketTrust, minutes: number): void {
  for (let i = 0; i < minutes; i += 1) expect(trust.compare(row, { ...row })).toBe(true);
}
