import { CommandRefused } from './command-refused';
import { adviseKey, readGatewayKey } from './gateway-key';

const KEY = `ck_abcd2345_${'Ab-_9'.repeat(8)}`;

describe('a key for a gateway', () => {
  it('is what was shown, whatever space stands around it', () => {
    expect(readGatewayKey('KEY', ` ${KEY}\n`)).toBe(KEY);
  });

  it.each([undefined, '', '  '])('may be left out: %j', (given) => {
    expect(readGatewayKey('KEY', given)).toBeUndefined();
  });

  it.each(['secret', `Bearer ${KEY}`, `${KEY} ${KEY}`, 'ck_', 'ck_a\nsecret', 'ck_secreté'])(
    'is refused by the name of its variable, and not shown: %j',
    (given) => {
      const read = () => readGatewayKey('CANDLEKEEP_KEY', given);
      expect(read).toThrow(CommandRefused);
      expect(read).toThrow(/^CANDLEKEEP_KEY: expected a key as "npm run keys -- create" showed it/);
      expect(read).not.toThrow(/secret|Bearer|abcd2345/);
    },
  );

  it('is advised where one is lacking, or another one', () => {
    expect(adviseKey('KEY', { status: 401, isShown: false })).toContain('Set KEY to a key');
    expect(adviseKey('KEY', { status: 403, isShown: true })).toContain('the key in KEY');
    expect(adviseKey('KEY', { status: 404, isShown: true })).toBe('');
    expect(adviseKey('KEY', { status: undefined, isShown: false })).toBe('');
  });
});
