import { Exchange } from '../exchange';
import { exchangeBody } from '../http/exchange-body';
import { okReply, REFUSALS, type Reply } from '../http/reply';
import { memberOf, rowsOf } from './json-rows';
import { ROW_FAULTS } from './row-faults';

const nowMs = Date.UTC(2026, 10, 22, 13, 50, 2);
const query = new URLSearchParams('market=KRW-BTC&count=5');
const BODY = exchangeBody(new Exchange(), { route: { kind: 'minutes', unit: '1' }, query, nowMs });
const ROWS = rowsOf(BODY) ?? [];

function struck(kind: string, options: object = {}, reply: Reply = okReply(BODY)): Reply {
  const effect = ROW_FAULTS.find((known) => known.kind === kind)?.effectOf(options);
  const change = effect?.kind === 'disturb' ? effect.disturbance.reply : undefined;
  if (change === undefined) throw new Error(`${kind} changes no reply`);
  return change(reply);
}

function struckRows(kind: string, options: object = {}): string[] {
  return rowsOf(struck(kind, options).body) ?? [];
}

/** Where rows differ from the original ones. */
function changedAt(rows: readonly string[]): number[] {
  return rows.flatMap((row, index) => (row === ROWS[index] ? [] : [index]));
}

const member = (row: string | undefined, name: string): string => memberOf(row ?? '', name) ?? '';

describe('a fault in the rows', () => {
  it.each(ROW_FAULTS.map(({ kind }) => kind))('leaves valid JSON of as many rows (%s)', (kind) => {
    const { status, body } = struck(kind);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toHaveLength(ROWS.length);
    expect(body).not.toBe(BODY);
  });

  it.each(ROW_FAULTS.map(({ kind }) => kind))('spares refusals and empty answers (%s)', (kind) => {
    expect(struck(kind, {}, REFUSALS.unknownMarket)).toBe(REFUSALS.unknownMarket);
    expect(struck(kind, {}, okReply('[]')).body).toBe('[]');
  });

  it.each(['missing-field', 'nan-text', 'foreign-row', 'off-grid-row', 'low-above-high'])(
    'strikes the middle row or the one that is named (%s)',
    (kind) => {
      expect(changedAt(struckRows(kind))).toEqual([2]);
      expect(changedAt(struckRows(kind, { row: 0 }))).toEqual([0]);
      expect(changedAt(struckRows(kind, { row: 400 }))).toEqual([4]);
    },
  );

  it('does what its name says', () => {
    expect(
      memberOf(struckRows('missing-field', { field: 'timestamp' })[2]!, 'timestamp'),
    ).toBeUndefined();
    expect(member(struckRows('nan-text', { text: 'Infinity' })[2], 'trade_price')).toBe(
      '"Infinity"',
    );
    expect(member(struckRows('foreign-row')[2], 'market')).toBe('"KRW-XRP"');
    const crossed = struckRows('low-above-high')[2];
    expect(Number(member(crossed, 'low_price'))).toBeGreaterThan(
      Number(member(crossed, 'high_price')),
    );
    const late = struckRows('off-grid-row')[2];
    expect(member(late, 'candle_date_time_utc')).toMatch(/:01"$/);
    expect(member(late, 'candle_date_time_kst')).toMatch(/:01"$/);
  });

  it('changes the order, repeats rows, or puts one of the future first', () => {
    expect(struckRows('rows-out-of-order')).toEqual([0, 2, 1, 3, 4].map((at) => ROWS[at]));
    expect(struckRows('duplicate-row')).toEqual([0, 1, 2, 2, 3].map((at) => ROWS[at]));
    const [, , once, again] = struckRows('duplicate-row', { otherValues: true });
    expect(member(again, 'candle_date_time_utc')).toBe(member(once, 'candle_date_time_utc'));
    expect(again).not.toBe(once);
    const [future, ...others] = struckRows('future-row');
    expect(member(future, 'candle_date_time_utc')).toMatch(/^"2027-11-21T13:/);
    expect(others).toEqual(ROWS.slice(0, 4));
  });
});
