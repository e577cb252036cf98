import { PassThrough } from 'node:stream';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { openScreen } from './screen';
import { readVariable } from './variables/reading';
import type { Snapshot } from './variables/snapshot';

const snapshot = (price: number): Snapshot => ({
  subject: {
    ...{ market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') },
    isClosedOnly: false,
  },
  readings: [
    readVariable('CURRENT_PRICE', [{ high: price, low: price, close: price, volume: 1 }]),
    readVariable('SMA', []),
  ],
  ...{ asOfMs: 0, source: 'l1', candles: 1, isForming: true },
});
const opened = (more: { isTTY?: boolean; columns?: number; rows?: number }) => {
  const [stdout, stderr] = [Object.assign(new PassThrough(), more), new PassThrough()];
  const screen = openScreen({ stdout, stderr });
  const textOf = (stream: PassThrough) => String(stream.read() ?? '').replaceAll('\u001b', 'ESC');
  return { screen, out: () => textOf(stdout), error: () => textOf(stderr) };
};

describe('a screen', () => {
  it('draws a table over the one before on a terminal', () => {
    const { screen, out } = opened({ isTTY: true });
    screen.show(snapshot(5));
    expect(out()).toMatch(/^\rESC\[JKRW-BTC 1m .*\n {2}CURRENT_PRICE {2}5\n.*0 of 14 candles\n$/);
    screen.show(snapshot(6));
    expect(out()).toMatch(/^ESC\[3A\rESC\[JKRW-BTC 1m .*\n {2}CURRENT_PRICE {2}6\n/);
  });

  it('says what is wrong below the table, until the next one', () => {
    const { screen, out } = opened({ isTTY: true });
    screen.show(snapshot(5));
    screen.warn('the stream is away');
    expect(out()).toMatch(/ESC\[3A.*\n! the stream is away\n$/s);
    screen.show(snapshot(6));
    expect(out()).toMatch(/^ESC\[4A/);
  });

  it('cuts what the terminal cannot hold, so that it is drawn over again', () => {
    const { screen, out } = opened({ isTTY: true, columns: 11, rows: 3 });
    screen.show(snapshot(5));
    expect(out()).toBe('\rESC[JKRW-BTC 1m\n  CURRENT_\n');
    screen.show(snapshot(6));
    expect(out()).toMatch(/^ESC\[2A/);
  });

  it('prints a line for each change where it is no terminal, and what is wrong beside it', () => {
    const { screen, out, error } = opened({});
    screen.show(snapshot(5));
    screen.warn('the stream is away');
    screen.show(snapshot(6));
    const head = '1970-01-01T00:00:00.000Z KRW-BTC 1m CURRENT_PRICE=';
    expect(out()).toBe(`${head}5 SMA_14=short\n${head}6 SMA_14=short\n`);
    expect(error()).toBe('the stream is away\n');
  });
});
