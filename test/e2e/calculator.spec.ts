import {
  candleNeed,
  completePeriods,
  START_UP_ERROR,
  titleOf,
  type Variable,
  VARIABLES,
} from '@candlekeep/variables';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { CalculatorProcess } from '../support/calculator/calculator-process';
import { numbersOf, readTable } from '../support/calculator/read-table';
import { type OpinionBar, secondOpinion } from '../support/calculator/second-opinion';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const MINUTE = 60_000;
/** The replayed market rests for some seconds now and then. */
const CHANGES_WITHIN_MS = 45_000;
const SHOWN = VARIABLES.filter(
  (name) => !name.startsWith('price_change_') || name === 'price_change_5m',
);
/** These begin otherwise in the second library, which shows until they have settled. */
const STARTS_OTHERWISE: readonly Variable[] = ['EMA', 'MACD'];

/** Digits after the point that are printed, where that does not go by the value's size; the second library rounds an RSI as well. */
const ROUNDING: Readonly<Partial<Record<Variable, number>>> = {
  ...{ RSI: 0.0101, STOCHASTIC: 0.0051, price_change_5m: 0.6e-6 },
};

const rowsSchema = z.array(
  z.looseObject({
    ...{ high_price: z.number(), low_price: z.number(), trade_price: z.number() },
    ...{ candle_acc_trade_volume: z.number(), candle_date_time_utc: z.string() },
  }),
);
const titleFor = (variable: Variable) =>
  titleOf({ variable, periods: completePeriods(variable, {}) });

describe('the calculator, built', () => {
  let house: House;
  const gateway = (): string => house.gateways[0]!.url();
  const once = (...args: readonly string[]) => CalculatorProcess.run(gateway(), '--once', ...args);

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.calculator, lives: 1 });
  });
  afterAll(async () => {
    await house.close();
  });

  /** Rows of `/v1` that were closed at an instant, oldest first. */
  const closedBars = async (minutes: number, asOfMs: number): Promise<readonly OpinionBar[]> => {
    const toMs = Math.floor(asOfMs / (minutes * MINUTE)) * minutes * MINUTE;
    const to = `${new Date(toMs).toISOString().slice(0, 19)}Z`;
    const path = `/v1/candles/minutes/${minutes}?market=KRW-BTC&count=200&to=${to}`;
    const rows = rowsSchema.parse(JSON.parse((await house.ask(path)).body));
    return rows.reverse().map((row) => ({
      ...{ high: row.high_price, low: row.low_price, close: row.trade_price },
      volume: row.candle_acc_trade_volume,
    }));
  };

  // Again where a minute had just ended: what a candle of that age was in the first answer may have changed by the second.
  it('computes what a second library computes of the rows of /v1', async () => {
    await waitFor(async () => {
      const { code, stdout, stderr } = await once('--closed');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { head, asOfMs, texts } = readTable(stdout);
      expect(head).toMatch(
        /^KRW-BTC 1m .*122 candles, the newest forming and left out {2}from \w+$/,
      );
      const [bars, fives] = [await closedBars(1, asOfMs), await closedBars(5, asOfMs)];
      const judged = SHOWN.filter((name) => name !== 'CURRENT_PRICE').map((variable) => {
        const printed = numbersOf(texts.get(titleFor(variable)));
        return [variable, judge(variable, printed, variable === 'price_change_5m' ? fives : bars)];
      });
      expect(judged).toEqual(judged.map(([variable]) => [variable, 'equal']));
    });
  });

  it("shows the price of the exchange's own newest candle", async () => {
    const newest = async () => {
      const { body } = await house.ask('/v1/candles/minutes/15?market=KRW-ETH&count=1');
      return rowsSchema.parse(JSON.parse(body))[0]!.trade_price;
    };
    await waitFor(async () => {
      const before = await newest();
      const { stdout } = await once('--market', 'krw-eth', '--timeframe', '15m');
      expect(numbersOf(readTable(stdout).texts.get('CURRENT_PRICE'))).toEqual([before]);
    });
  });

  it('says "short" where history is, instead of a value', async () => {
    const { code, stdout } = await once('--timeframe', '1y');
    const { texts } = readTable(stdout);
    expect(code).toBe(0);
    expect(texts.get('MACD 12/26/9')).toMatch(/^short: \d+ of 34 candles$/);
    expect(texts.get('HIGH_PRICE 60')).toMatch(/^short: \d+ of 60 candles$/);
    expect(numbersOf(texts.get('CURRENT_PRICE'))).toHaveLength(1);
  });

  it('prints a line for each change until somebody leaves', async () => {
    const calculator = new CalculatorProcess(gateway());
    try {
      await waitFor(() => {
        expect(calculator.lines.length).toBeGreaterThanOrEqual(2);
      }, CHANGES_WITHIN_MS);
    } finally {
      await calculator.end('SIGINT');
    }
    expect(await calculator.end()).toMatchObject({ code: 0, stderr: '' });
    for (const line of calculator.lines)
      expect(line).toMatch(/^\S+Z KRW-BTC 1m RSI_14=[\d.]+ SMA_14=\d+/);
    expect(new Set(calculator.lines).size).toBe(calculator.lines.length);
  });

  it('makes load and says what became of it, for a handful of calls to the exchange', async () => {
    let output = '';
    const calls = await house.callsDuring(async () => {
      const load = ['--instances', '10', '--seconds', '2', '--market', 'KRW-SOL'];
      const { code, stdout, stderr } = await CalculatorProcess.run(gateway(), ...load);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      output = stdout;
    });
    expect(output).toMatch(/^10 calculators on KRW-SOL 1m for \d\.\d s, each asking as soon as/);
    const [, answered] =
      /requests +(\d+) answered, [\d.]+ a second, 2 series in each/.exec(output) ?? [];
    expect(Number(answered)).toBeGreaterThan(100);
    expect(output).toMatch(/answer +p50 [\d.]+ ms, p99 [\d.]+ ms, longest [\d.]+ ms/);
    expect(output).toMatch(/sources +l\d [\d.]+ %/);
    expect(output).toMatch(/errors +0$/m);
    expect(calls).toBeLessThan(20);
  });

  it.each([
    [['--onc'], 'there is no flag --onc; known are --gateway, --market'],
    [['--market', 'BTC'], '--market: "BTC" is not a market: expected one pair such as KRW-BTC'],
    [['--once', '--market', 'KRW-NOPE'], 'KRW-NOPE'],
    [['--once', '--gateway', 'http://127.0.0.1:1'], 'no answer from http://127.0.0.1:1'],
    [['--gateway', 'http://127.0.0.1:1'], 'no answer from http://127.0.0.1:1'],
    [['--instances', '2', '--gateway', 'http://127.0.0.1:1'], 'no answer from http://127.0.0.1:1'],
  ])('refuses, or gives up, with the reason and exit code 1: %j', async (args, told) => {
    const { code, stdout, stderr } = await CalculatorProcess.run(gateway(), ...args);
    expect(stderr).toContain(told);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('asks the exchange no more than it allows', async () => {
    const { rejected } = await house.witness();
    expect(rejected).toBe(0);
  });
});

/** Holds values against the second library's; of what begins otherwise there, against those of longer history. */
function judge(variable: Variable, printed: readonly number[], bars: readonly OpinionBar[]) {
  const isLong = STARTS_OTHERWISE.includes(variable);
  const looked = isLong ? bars : bars.slice(-candleNeed(variable).settled);
  const expected = Object.values(secondOpinion(variable, looked));
  const closes = bars.map(({ close }) => close);
  const startUp = START_UP_ERROR * (Math.max(...closes) - Math.min(...closes));
  const isEqual = expected.every((value, i) => {
    const allowed = isLong ? startUp : roundingOf(variable, value);
    return Math.abs((printed[i] ?? NaN) - value) <= allowed;
  });
  return isEqual && printed.length === expected.length
    ? 'equal'
    : `${printed.join(' ')} instead of ${expected.join(' ')}`;
}

/** Half of the last digit that is printed. */
function roundingOf(variable: Variable, value: number): number {
  return ROUNDING[variable] ?? 0.6e-7 * Math.abs(value) + 0.6e-8;
}
