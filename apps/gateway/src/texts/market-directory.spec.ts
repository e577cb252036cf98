import { FailureLog } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode } from '@candlekeep/market';
import { LogRecorder } from '../../../../test/support/log-recorder';
import { MarketDirectory } from './market-directory';
import { TextAnswerMissing, type TextReading } from './text-question';

const listed = parseMarketCode('KRW-BTC');
const unlisted = parseMarketCode('KRW-NOPE');

/** A directory that has a list of one market, and an exchange that may be away. */
async function directoryOf({ isCached = true } = {}) {
  const clock = new ManualClock();
  const log = new LogRecorder();
  const exchange = { isAway: false, asked: 0 };
  const answer = () => ({
    ...{ status: 200, body: JSON.stringify([{ market: listed }]), seenAtMs: clock.nowMs() },
  });
  const read = (): Promise<TextReading> => {
    exchange.asked += 1;
    if (exchange.isAway) return Promise.reject(new TextAnswerMissing('LOAD_TOO_SLOW', 'no list'));
    const origin = {
      source: 'exchange',
      collapsed: false,
      staleMs: 0,
      insteadOfError: false,
    } as const;
    return Promise.resolve({ ...answer(), ...origin, asOfMs: clock.nowMs(), ageMs: 0 });
  };
  const cached = isCached ? answer() : undefined;
  const directory = new MarketDirectory({
    answers: { read },
    cache: {
      find: () => Promise.resolve({ nowMs: clock.nowMs(), ...(cached && { answer: cached }) }),
      forget: () => Promise.resolve(),
    },
    failures: new FailureLog({ clock, log }),
    ...{ clock, log },
  });
  directory.start();
  await clock.advance(0);
  return { clock, log, exchange, directory };
}

describe('the directory of markets', () => {
  it('calls a market unknown by a young list alone', async () => {
    const { clock, exchange, directory } = await directoryOf();
    expect(await directory.mayExist(listed)).toBe(true);
    expect(await directory.mayExist(unlisted)).toBe(false);
    expect(exchange.asked).toBe(0);
    await clock.advance(10_001);
    expect(await directory.mayExist(unlisted)).toBe(false);
    expect(exchange.asked).toBe(1);
    await directory.close();
  });

  it('loads a list before it lets anything be kept under a market’s name', async () => {
    const { exchange, directory } = await directoryOf({ isCached: false });
    expect(await directory.mayExist(unlisted)).toBe(true);
    expect(await directory.isListed(unlisted)).toBe(false);
    expect(await directory.isListed(listed)).toBe(true);
    expect(exchange.asked).toBe(1);
    await directory.close();
  });

  it('lets every market pass while no young list is to be had, and says so once', async () => {
    const { clock, log, exchange, directory } = await directoryOf();
    exchange.isAway = true;
    await clock.advance(11_000);
    for (let i = 0; i < 5; i += 1) expect(await directory.mayExist(unlisted)).toBe(true);
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'the list of markets could not be refreshed' },
    ]);
    await directory.close();
  });
});
