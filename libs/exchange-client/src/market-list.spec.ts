import { ExchangeMalformed } from './exchange-error';
import { readMarketList } from './market-list';

const ROW = '{"market":"KRW-BTC","korean_name":"비트코인","english_name":"Bitcoin"}';

function read(body: string, details = false) {
  const answer = { target: '/v1/market/all', status: 200, header: () => undefined, body };
  return readMarketList(answer, { details });
}

describe('market list', () => {
  it('keeps the text and names the markets', () => {
    expect(read(`[${ROW}]`)).toEqual({ body: `[${ROW}]`, markets: ['KRW-BTC'] });
  });

  it.each([
    ['an empty list', '[]', 'it lists no market'],
    ['an error', '{"error":{"name":500,"message":"x"}}', 'it is no list'],
    ['a market of another shape', `[${ROW.replace('KRW-BTC', 'krw/btc')}]`, 'row 0: market'],
    ['a missing name', `[${ROW},{"market":"KRW-ETH"}]`, 'row 1: korean_name'],
    ['a market that comes twice', `[${ROW},${ROW}]`, 'row 1: KRW-BTC comes twice'],
  ])('refuses %s', (_what, body, problem) => {
    expect(() => read(body)).toThrow(problem);
    expect(() => read(body)).toThrow(ExchangeMalformed);
  });

  it('refuses rows without details when details were asked for', () => {
    expect(() => read(`[${ROW}]`, true)).toThrow('row 0: market_event');
  });
});
