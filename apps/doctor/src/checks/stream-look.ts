import type { Clock } from '@candlekeep/clock';
import { UpbitStream } from '@candlekeep/exchange-client';
import { parseMarketCode } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { version } from '../../../../package.json';
import { reasonOf } from '../finding';
import type { WayLook } from './way-look';

const STREAM_WITHIN_MS = 10_000;
const MARKET = parseMarketCode('KRW-BTC');

/** Opens the exchange's stream and waits for the first frame of one market: one connection, one message. */
export async function lookAtStream(url: string, clock: Clock): Promise<WayLook<object>> {
  const leave = new AbortController();
  const startMs = clock.monotonicMs();
  const late = clock.sleep(STREAM_WITHIN_MS, leave.signal).then(
    () => `no frame came within ${STREAM_WITHIN_MS} ms`,
    () => '',
  );
  const first = firstSign(url, clock, leave.signal);
  try {
    const failure = await Promise.race([first, late]);
    if (failure !== undefined) return { kind: 'closed', reason: failure };
    return { kind: 'open', tookMs: clock.monotonicMs() - startMs };
  } catch (error) {
    return { kind: 'closed', reason: reasonOf(error) };
  } finally {
    leave.abort();
    await first.catch(() => undefined);
  }
}

/** Resolves to undefined with the first frame, to a reason when the connection is lost first; rejects when the stream is declined. */
async function firstSign(
  url: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  return await new Promise((resolve, reject) => {
    const stream = new UpbitStream({ version, clock, log: silentLogger }).open({
      url,
      subscriptions: [{ kind: 'ticker', markets: [MARKET] }],
      signal,
      onFrame: () => {
        resolve(undefined);
      },
      onState: (state) => {
        if (state.kind === 'reconnecting') resolve(reasonOf(state.cause));
      },
    });
    stream.ended.then(() => {
      resolve('it was left');
    }, reject);
  });
}
