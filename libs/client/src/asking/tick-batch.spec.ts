import { cutOff, readBatch, refuseWith, saysNothing } from '../../test/contract-gateway';
import { eachWithGateway } from '../../test/each-with-gateway';
import { waitFor } from '../../test/wait-for';
import { monotonicMs } from '../time';

const question = (count: number, market = 'KRW-BTC') => ({ market, timeframe: '1m', count });

describe('questions of one tick', () => {
  const rig = eachWithGateway();

  const requestsOf = (index: number) => readBatch(rig.gateway.asked[index]?.body ?? '{}').requests;

  it('travel as one batch, each with its own outcome', async () => {
    const outcomes = await Promise.allSettled([
      rig.client.getCandles({ ...question(1), maxAgeSeconds: 5 }),
      rig.client.getCandles(question(2, 'KRW-NOPE')),
      rig.client.getColumns({ ...question(3), columns: ['close'] }),
    ]);
    expect(rig.gateway.paths).toEqual(['POST /api/candles/batch']);
    expect(requestsOf(0)).toEqual([
      { ...question(1), maxAgeSeconds: 5 },
      question(2, 'KRW-NOPE'),
      { ...question(3), format: 'columns', numbers: 'number', columns: ['close'] },
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({
      reason: { name: 'CandlekeepRequestFailed', status: 404, problem: { status: 404 } },
    });
  });

  it('travel a hundred at a time', async () => {
    const asking = Array.from({ length: 250 }, (_, i) => rig.client.getCandles(question(i + 1)));
    const pages = await Promise.all(asking);
    expect(pages.map(({ candles }) => candles.length)).toEqual(pages.map((_, i) => i + 1));
    const sizes = rig.gateway.asked.map((_, i) => requestsOf(i).length);
    expect(sizes.sort((a, b) => a - b)).toEqual([50, 100, 100]);
  });

  it('are one where they are equal, also with one that is under way', async () => {
    let answer: (() => void) | undefined;
    rig.gateway.intervene((response, asked) => {
      answer = () => {
        rig.gateway.answer(asked, response);
      };
    });
    const first = rig.client.getCandles(question(7));
    await waitFor(() => {
      expect(answer).toBeDefined();
    });
    const second = rig.client.getCandles(question(7));
    answer?.();
    const pages = await Promise.all([first, second]);
    expect(pages[1]).toEqual(pages[0]);
    expect(rig.gateway.asked).toHaveLength(1);
    await rig.client.getCandles(question(7));
    expect(rig.gateway.asked).toHaveLength(2);
  });

  it('are not one where one may be older than the other', async () => {
    await Promise.all([
      rig.client.getCandles({ ...question(7), maxAgeSeconds: 0 }),
      rig.client.getCandles(question(7)),
    ]);
    expect(requestsOf(0)).toHaveLength(2);
  });

  it('are given up one by one', async () => {
    const giveUp = new AbortController();
    const mine = rig.client.getCandles({ ...question(7), signal: giveUp.signal });
    const his = rig.client.getCandles(question(7));
    const other = rig.client.getCandles(question(8));
    giveUp.abort(new Error('changed my mind'));
    await expect(mine).rejects.toThrow('changed my mind');
    expect((await his).candles).toHaveLength(7);
    expect((await other).candles).toHaveLength(8);
    await expect(rig.client.getCandles({ ...question(7), signal: giveUp.signal })).rejects.toThrow(
      'changed my mind',
    );
    expect(rig.gateway.asked).toHaveLength(1);
  });

  it('cost nothing when nobody waits for them any more', async () => {
    const early = new AbortController();
    const unsent = rig.client.getCandles({ ...question(7), signal: early.signal });
    early.abort();
    await expect(unsent).rejects.toThrow('aborted');
    let isCut = false;
    rig.gateway.intervene((response) => response.on('close', () => (isCut = true)));
    const late = new AbortController();
    const sent = [1, 2].map((n) => rig.client.getCandles({ ...question(n), signal: late.signal }));
    await waitFor(() => {
      expect(rig.gateway.asked).toHaveLength(1);
    });
    late.abort();
    await Promise.allSettled(sent);
    await waitFor(() => {
      expect(isCut).toBe(true);
    });
    expect(requestsOf(0)).toHaveLength(2);
  });

  it('are asked again together after a failure, and only those that failed', async () => {
    rig.gateway.intervene(cutOff, (response) => {
      const answers = [{ status: 503, problem: { status: 503 } }, 1].map(() => ({ status: 503 }));
      response.end(JSON.stringify({ answers }));
    });
    const pages = await Promise.all([1, 2].map((count) => rig.client.getCandles(question(count))));
    expect(pages.map(({ candles }) => candles.length)).toEqual([1, 2]);
    expect(rig.gateway.paths).toEqual(Array(3).fill('POST /api/candles/batch'));
  });

  it('are asked again no sooner than a refused one was told, and in one batch', async () => {
    const busy = { status: 429, problem: { status: 429, retryAfterSeconds: 1 } };
    rig.gateway.intervene((response) => response.end(JSON.stringify({ answers: [busy, busy] })));
    const beganMs = monotonicMs();
    await Promise.all([1, 2].map((count) => rig.client.getCandles(question(count))));
    expect(monotonicMs() - beganMs).toBeGreaterThanOrEqual(990);
    expect(rig.gateway.paths).toEqual(Array(2).fill('POST /api/candles/batch'));
  });

  it('fail with the wait where it lies beyond their time', async () => {
    const busy = { status: 503, problem: { status: 503, retryAfterSeconds: 60 } };
    rig.gateway.intervene((response) => response.end(JSON.stringify({ answers: [busy, busy] })));
    const outcomes = await Promise.allSettled(
      [1, 2].map((n) => rig.client.getCandles(question(n))),
    );
    const reason = { status: 503, retryAfterMs: 60_000, problem: { retryAfterSeconds: 60 } };
    expect(outcomes).toMatchObject([{ reason }, { reason }]);
    expect(rig.gateway.asked).toHaveLength(1);
  });

  it('all fail when the gateway forgets one of them', async () => {
    rig.gateway.intervene((response) => response.end('{"answers":[{"status":200,"body":{}}]}'));
    const outcomes = await Promise.allSettled(
      [1, 2].map((n) => rig.client.getCandles(question(n))),
    );
    const reasons = outcomes.map(
      (outcome) => outcome.status === 'rejected' && String(outcome.reason),
    );
    expect(reasons).toEqual(Array(2).fill(expect.stringContaining('1 answers to 2 questions')));
  });

  it('are asked one by one where they are too much for the key at once', async () => {
    rig.gateway.intervene(refuseWith(400));
    const outcomes = await Promise.allSettled([
      rig.client.getCandles(question(1)),
      rig.client.getCandles(question(2, 'KRW-NOPE')),
    ]);
    expect(outcomes).toMatchObject([
      { value: { candles: [expect.anything()] } },
      { reason: { status: 404 } },
    ]);
    expect(rig.gateway.paths[0]).toBe('POST /api/candles/batch');
    expect(rig.gateway.paths.slice(1)).toEqual(Array(2).fill(expect.stringMatching(/^GET /)));
  });

  it('share a question whose callers have different times', async () => {
    rig.gateway.intervene(refuseWith(503, { 'retry-after': '1' }), saysNothing);
    const hasty = rig.client.getCandles({ ...question(7), deadlineMs: 300 });
    const slow = rig.client.getCandles({ ...question(7), deadlineMs: 1_600 });
    const ended = Promise.allSettled([slow]);
    await expect(hasty).rejects.toMatchObject({ status: 503, retryAfterMs: 1_000 });
    await ended;
    await expect(slow).rejects.toThrow('within 1600 ms');
    expect(rig.gateway.asked).toHaveLength(2);
  });
});
