import { MOST_ROWS_PER_MINUTE } from '@candlekeep/access';
import { ApiRefusal } from '../api/api-refusal';
import { parseKeyRequest } from './key-request';

describe('a key that is asked for', () => {
  it('may have as many rows as there are candles, and no more', () => {
    const wish = { name: 'bots', scope: 'read' };
    const most = { ...wish, rowsPerMinute: MOST_ROWS_PER_MINUTE };
    expect(parseKeyRequest(most)).toEqual(most);
    for (const rowsPerMinute of [0, MOST_ROWS_PER_MINUTE + 1, Number.MAX_SAFE_INTEGER]) {
      expect(() => parseKeyRequest({ ...wish, rowsPerMinute })).toThrow(ApiRefusal);
    }
  });
});
