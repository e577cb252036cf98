import { ManualClock } from '@candlekeep/clock';
import { LogRecorder } from '../../../test/support/log-recorder';
import { LoadTooSlow, NoProgress } from './cache-errors';
import { FailureLog } from './failure-log';
import { parseMarketCode, Timeframe } from '@candlekeep/market';

const timeframe = Timeframe.parse('1m');
const tooSlow = (market: string) =>
  new LoadTooSlow({ market: parseMarketCode(market), timeframe }, 8_000);

function failuresOf() {
  const clock = new ManualClock();
  const log = new LogRecorder();
  const failures = new FailureLog({ clock, log });
  const said = () => log.lines.map(({ level, message }) => `${level} ${message}`);
  return { clock, log, failures, said };
}

describe('failures that callers are spared', () => {
  it('are told when they begin and, with their number, when they have not come for a while', async () => {
    const { clock, log, failures, said } = failuresOf();
    for (const market of ['KRW-BTC', 'KRW-ETH', 'KRW-SOL']) {
      failures.heed('what was known is served', tooSlow(market));
      await clock.advance(9_000);
    }
    failures.settle();
    expect(said()).toEqual(['warn what was known is served']);
    await clock.advance(1_000);
    failures.settle();
    expect(said()).toEqual([
      'warn what was known is served',
      'info over: what was known is served',
    ]);
    expect(log.lines[1]?.fields).toEqual({ reason: 'LOAD_TOO_SLOW', times: 3, lastedMs: 18_000 });
    failures.settle();
    failures.heed('what was known is served', tooSlow('KRW-BTC'));
    expect(said()).toHaveLength(3);
  });

  it('are told one by one where their reason or what became of them differs', () => {
    const { failures, said } = failuresOf();
    const series = { market: parseMarketCode('KRW-BTC'), timeframe };
    failures.heed('what was known is served', tooSlow('KRW-BTC'));
    failures.heed('what was known is served', new NoProgress(series, 12));
    failures.heed('L2 is away', tooSlow('KRW-BTC'));
    expect(said()).toHaveLength(3);
  });

  it('are errors where nobody raised them on purpose', () => {
    const { log, failures, said } = failuresOf();
    const bug = new TypeError('rows is undefined');
    failures.heed('what was known is served', bug);
    failures.heed('what was known is served', new TypeError('rows is undefined'));
    expect(said()).toEqual(['error what was known is served']);
    expect(log.lines[0]?.fields).toEqual({ reason: 'TypeError: rows is undefined', error: bug });
  });
});
