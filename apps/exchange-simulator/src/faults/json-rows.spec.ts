import { bodyOf, memberOf, rowsOf, withMember, withoutMember } from './json-rows';

describe('the rows of a body', () => {
  it.each([
    ['[]', []],
    ['[{"a":1.50}]', ['{"a":1.50}']],
    [
      '[{"a":"x,]y","b":[{"c":1},{"c":2}]},{"a":2}]',
      ['{"a":"x,]y","b":[{"c":1},{"c":2}]}', '{"a":2}'],
    ],
  ])('of %s are split and joined again without a change', (body, rows) => {
    expect(rowsOf(body)).toEqual(rows);
    expect(bodyOf(rows)).toBe(body);
  });

  it('are none of a text that is no array', () => {
    expect(rowsOf('{"error":{"name":404}}')).toBeUndefined();
  });

  it('have members that can be read, replaced and taken out, digits and all', () => {
    const row = '{"market":"KRW-BTC","low_price":1.50000000,"unit":1}';
    expect(memberOf(row, 'low_price')).toBe('1.50000000');
    expect(memberOf(row, 'price')).toBeUndefined();
    expect(withMember(row, 'unit', '"$1"')).toBe(
      '{"market":"KRW-BTC","low_price":1.50000000,"unit":"$1"}',
    );
    expect(withoutMember(row, 'market')).toBe('{"low_price":1.50000000,"unit":1}');
    expect(withoutMember(row, 'low_price')).toBe('{"market":"KRW-BTC","unit":1}');
    expect(withoutMember(row, 'unit')).toBe('{"market":"KRW-BTC","low_price":1.50000000}');
    expect(withoutMember(row, 'none')).toBe(row);
  });
});
