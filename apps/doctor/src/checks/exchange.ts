import { addressText } from '../address';
import { judgeOffset, type Offset } from '../clock-offset';
import { fail, type Finding, ok, warn } from '../finding';
import type { WayLook } from './way-look';

/** The ways to the exchange that processes would take. */
export interface ExchangeWays {
  readonly restUrl: string;
  readonly streamUrl: string;
  /** False when `npm start` would bring a simulated exchange instead. */
  readonly isNeeded: boolean;
}

const ADVICE =
  'let workers and live out to it: DNS, firewall (TCP 443), no proxy in between; or correct UPBIT_REST_URL, UPBIT_WS_URL';

/** Judges the way of calls, and this machine's clock by the exchange's. */
export function judgeRest(
  look: WayLook<{ readonly offset: Offset }>,
  ways: ExchangeWays,
): Finding[] {
  const [check, address] = ['exchange REST', addressText(ways.restUrl)];
  if (look.kind === 'paused') {
    const advice = 'wait, then look again; who else calls from this address?';
    return [warn(check, `${address} was not asked: ${look.reason}`, advice)];
  }
  if (look.kind === 'closed') return [unreachable(check, address, look.reason, ways)];
  const seen = `${address} answers in ${Math.round(look.tookMs)} ms (one call of limit group ticker; none of the candles' budget)`;
  return [ok(check, seen), judgeOffset('exchange clock', look.offset, "this machine's clock")];
}

/** Judges the way of the stream. */
export function judgeStream(look: WayLook<object>, ways: ExchangeWays): Finding[] {
  const [check, address] = ['exchange stream', addressText(ways.streamUrl)];
  if (look.kind !== 'open') return [unreachable(check, address, look.reason, ways)];
  const seen = `${address} sends within ${Math.round(look.tookMs)} ms (one connection)`;
  return [ok(check, seen), ...judgeUnity(ways)];
}

/** Rows of one exchange and frames of another would be wrong answers that nobody could see. */
function judgeUnity({ restUrl, streamUrl }: ExchangeWays): Finding[] {
  const [rest, stream] = [new URL(restUrl).hostname, new URL(streamUrl).hostname];
  if (rest === stream) return [];
  const seen = `candles come from ${rest}, the stream from ${stream}`;
  const advice = 'name the same exchange in UPBIT_REST_URL and UPBIT_WS_URL, if these are two';
  return [warn('exchange', seen, advice)];
}

function unreachable(check: string, address: string, reason: string, ways: ExchangeWays): Finding {
  const seen = `${address} cannot be reached: ${reason}`;
  if (ways.isNeeded) return fail(check, seen, ADVICE);
  const advice = `\`npm start\` brings a simulated exchange and works without it; for the real one, ${ADVICE}`;
  return warn(check, seen, advice);
}
