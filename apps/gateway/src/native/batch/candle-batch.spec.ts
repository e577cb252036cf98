import { CandlekeepError } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { ApiProblems } from '../../api/api-problems';
import { parseBatch } from './batch-request';
import { CandleBatch } from './candle-batch';

class Paused extends CandlekeepError {
  readonly code = 'EXCHANGE_PAUSED';
  readonly retryable = true;
  override readonly retryAfterMs = 4_001;
}

const asker = { name: 'someone', terms: { maxAgeMs: 1_000, onlyIfCached: false } };

describe('a batch', () => {
  it('says of each question that may be asked again when', async () => {
    const newest = () => Promise.reject(new Paused('the exchange is not asked for now'));
    const batch = new CandleBatch({
      ...{
        candles: { newest },
        tally: { refused: () => undefined },
        problems: new ApiProblems(silentLogger),
      },
    });
    const series = { market: 'KRW-BTC', timeframe: '1m' };
    const items = parseBatch({
      requests: [
        { id: 'a', ...series },
        { ...series, count: 0 },
      ],
    });
    const read: unknown = JSON.parse((await batch.answer(items, asker)).toString());
    expect(read).toMatchObject({
      answers: [
        { id: 'a', status: 503, problem: { status: 503, retryAfterSeconds: 5 } },
        { status: 400, problem: { status: 400 } },
      ],
    });
    expect(read).not.toHaveProperty('answers.1.problem.retryAfterSeconds');
  });

  it('asks for no more rows together than its key may have', async () => {
    const newest = () => Promise.reject(new Error('read'));
    const tally = { refused: () => undefined };
    const problems = new ApiProblems(silentLogger);
    const batch = new CandleBatch({ candles: { newest }, tally, problems });
    const one = { market: 'KRW-BTC', timeframe: '1m', count: 301 };
    const answer = batch.answer(parseBatch({ requests: [one, one] }), { ...asker, mostRows: 600 });
    await expect(answer).rejects.toMatchObject({ status: 400, errors: [{ field: 'requests' }] });
  });
});
