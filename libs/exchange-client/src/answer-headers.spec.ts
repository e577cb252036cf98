import { findRemainingInSecond } from './answer-headers';

function remaining(text: string | undefined): number | undefined {
  const header = (name: string) => (name === 'remaining-req' ? text : undefined);
  return findRemainingInSecond({ target: '/v1/ticker', status: 200, header, body: '' });
}

describe('calls left in this second', () => {
  it.each([
    ['as the exchange prints it', 'group=candles; min=600; sec=9', 9],
    ['none left', 'group=origin; min=6; sec=0', 0],
    ['another order', 'sec=7; group=candles; min=600', 7],
    ['another letter case', 'Group=candles; Min=600; SEC=5', 5],
    ['no spaces', 'group=candles;min=600;sec=4', 4],
    ['more spaces', ' group=candles ;  min = 600 ; sec = 3 ', 3],
    ['without min', 'group=candles; sec=2', 2],
    ['without group', 'sec=1', 1],
    ['two headers joined: the smaller', 'group=a; min=6; sec=8, group=b; min=6; sec=6', 6],
  ])('are read from `sec` alone: %s', (_what, text, seconds) => {
    expect(remaining(text)).toBe(seconds);
  });

  it.each([
    undefined,
    '',
    'group=candles; min=600',
    'group=candles; min=600; sec=',
    'group=candles; min=600; sec=-1',
    'group=candles; min=600; sec=many',
    'group=candles; min=600; seconds=9',
    'group=candles; min=600; parsec=9',
    '9',
  ])('are not guessed from %j', (text) => {
    expect(remaining(text)).toBeUndefined();
  });
});
