import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import type { Candle } from '@candlekeep/market';
import { csvLine, CSV_HEAD, csvOf, minute, minutes, openOf } from '../../test/contract-candles';
import { cutOff, refuseWith, saysNothing } from '../../test/contract-gateway';
import { eachWithGateway } from '../../test/each-with-gateway';
import { callWith } from '../../test/call-with';
import { waitFor } from '../../test/wait-for';

const BTC = { market: 'KRW-BTC', timeframe: '1m' };
const RANGE = { ...BTC, fromMs: openOf(10), untilMs: openOf(15) };

async function all(candles: AsyncIterable<Candle>): Promise<Candle[]> {
  const got: Candle[] = [];
  for await (const candle of candles) got.push(candle);
  return got;
}

describe('a range', () => {
  const rig = eachWithGateway();

  it('is every candle from its first instant up to its last, oldest first', async () => {
    expect(await all(rig.client.readRange(RANGE))).toEqual([10, 11, 12, 13, 14].map(minute));
    expect(rig.gateway.asked[0]?.url.search).toBe(
      '?market=KRW-BTC&timeframe=1m&from=1500000600000&to=1500000900000&format=csv',
    );
  });

  it('may be long', async () => {
    const got = await all(rig.client.readRange({ ...BTC, fromMs: 0, closed: true }));
    expect(got).toEqual(minutes(0));
    expect(rig.gateway.asked).toHaveLength(1);
    expect(rig.gateway.asked[0]?.url.searchParams.get('closed')).toBe('true');
  });

  it.each([
    ['fromMs', undefined],
    ['fromMs', null],
    ['fromMs', '1500000600000'],
    ['fromMs', openOf(10) + 0.5],
    ['fromMs', NaN],
    ['fromMs', -1],
    ['untilMs', new Date(openOf(15))],
  ])('is refused at once where %s is no whole number of epoch ms: %p', (name, instant) => {
    const read = (): unknown => callWith(rig.client, 'readRange', { ...RANGE, [name]: instant });
    expect(read).toThrow(TypeError);
    expect(read).toThrow(`${name} is ${inspect(instant)}: expected an instant in epoch ms`);
    expect(rig.gateway.asked).toEqual([]);
  });

  it('is refused where an instant looks like seconds', () => {
    for (const name of ['fromMs', 'untilMs']) {
      expect(() => rig.client.readRange({ ...RANGE, [name]: openOf(10) / 1_000 })).toThrow(
        `${name} is 1500000600: expected an instant in epoch ms, a whole number; this looks like seconds: multiply it by 1000`,
      );
    }
  });

  it('may hold nothing', async () => {
    expect(await all(rig.client.readRange({ ...RANGE, untilMs: RANGE.fromMs }))).toEqual([]);
  });

  it('has a day’s change where there is one', async () => {
    rig.gateway.intervene((response) => {
      response.end(
        `${CSV_HEAD},previousClose,change,changeRate\n${csvLine(minute(5))},4.0,1.0,0.25\n`,
      );
    });
    expect(await all(rig.client.readRange({ ...RANGE, timeframe: '1d' }))).toEqual([
      { ...minute(5), daily: { previousClose: '4.0', change: '1.0', changeRate: '0.25' } },
    ]);
  });

  it('goes on after its last candle when the connection breaks, as often as it takes', async () => {
    const breakAfter = (text: string) => (response: ServerResponse) => {
      response.write(text, () => response.destroy());
    };
    rig.gateway.intervene(
      breakAfter(`${CSV_HEAD}\n${csvLine(minute(10))}\n${csvLine(minute(11)).slice(0, 30)}`),
      breakAfter(`${CSV_HEAD}\n${csvLine(minute(11))}\n${csvLine(minute(12))}\n`),
      cutOff,
      refuseWith(503),
    );
    expect(await all(rig.client.readRange(RANGE))).toEqual([10, 11, 12, 13, 14].map(minute));
    expect(rig.gateway.asked.map(({ url }) => Number(url.searchParams.get('from')))).toEqual([
      openOf(10),
      openOf(10) + 1,
      ...[1, 2, 3].map(() => openOf(12) + 1),
    ]);
  });

  it('fails when it cannot go on within its time', async () => {
    rig.gateway.intervene(saysNothing);
    await expect(all(rig.client.readRange({ ...RANGE, deadlineMs: 100 }))).rejects.toThrow(
      'no candle within 100 ms from /api/candles?',
    );
    rig.gateway.intervene(refuseWith(503, { 'retry-after': '2' }));
    await expect(all(rig.client.readRange({ ...RANGE, deadlineMs: 1_000 }))).rejects.toMatchObject({
      status: 503,
    });
    rig.gateway.intervene(refuseWith(400));
    await expect(all(rig.client.readRange(RANGE))).rejects.toMatchObject({ status: 400 });
    expect(rig.gateway.asked).toHaveLength(3);
  });

  it('does not count the time in which nobody asks for candles', async () => {
    const got: number[] = [];
    for await (const { openMs } of rig.client.readRange({ ...RANGE, deadlineMs: 80 })) {
      if (got.push(openMs) === 2) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(got).toHaveLength(5);
  });

  it('is sent no faster than it is taken', async () => {
    const line = `${csvLine(minute(10))}\n`.repeat(1_000);
    let sent = 0;
    rig.gateway.intervene((response) => {
      const goOn = (): void => {
        while (sent < 200) {
          sent += 1;
          if (!response.write(sent === 1 ? `${CSV_HEAD}\n${line}` : line)) break;
        }
        response.once('drain', goOn);
      };
      goOn();
    });
    const candles = rig.client.readRange(RANGE)[Symbol.asyncIterator]();
    await candles.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBeLessThan(150);
    await candles.return?.();
  });

  it('ends the connection when it is left early', async () => {
    let isCut = false;
    rig.gateway.intervene((response) => {
      response.on('close', () => (isCut = true));
      response.write(csvOf(0, openOf(100)));
    });
    for await (const { openMs } of rig.client.readRange(RANGE)) if (openMs > openOf(2)) break;
    await waitFor(() => {
      expect(isCut).toBe(true);
    });
  });

  it('ends with the signal, and with the client', async () => {
    const giveUp = new AbortController();
    rig.gateway.intervene(saysNothing, saysNothing);
    const mine = all(rig.client.readRange({ ...RANGE, signal: giveUp.signal }));
    const his = all(rig.client.readRange(RANGE));
    const ended = Promise.allSettled([mine, his]);
    await waitFor(() => {
      expect(rig.gateway.asked).toHaveLength(2);
    });
    giveUp.abort(new Error('changed my mind'));
    await expect(mine).rejects.toThrow('changed my mind');
    rig.client.close();
    await ended;
    await expect(his).rejects.toThrow('this client was closed');
  });

  it.each([
    ['another table', 'a,b\n1,2\n', 'no column "openMs"'],
    ['a line cut short', `${CSV_HEAD}\n600000,1,2\n`, 'is no candle: "600000,1,2"'],
    ['half a last line', `${CSV_HEAD}\n600000,1`, 'ended within a line'],
  ])('does not take %s for candles', async (_, body, reason) => {
    rig.gateway.intervene((response) => response.end(body));
    await expect(all(rig.client.readRange(RANGE))).rejects.toThrow(reason);
  });
});
