import { openDoorNotice } from './open-door-notice';

describe('what a gateway says at its start of who may come', () => {
  it('is nothing where keys are asked for', () => {
    expect(openDoorNotice({ HOST: '0.0.0.0', AUTH: 'keys' })).toBeUndefined();
    expect(openDoorNotice({ HOST: '127.0.0.1', AUTH: 'keys' })).toBeUndefined();
  });

  it('warns of what strangers may do where others can come', () => {
    const { level, text = '' } = openDoorNotice({ HOST: '0.0.0.0', AUTH: 'off' }) ?? {};
    expect(level).toBe('warn');
    expect(text).toMatch(/whoever reaches 0\.0\.0\.0 may purge .* strategies, .* backfills/);
  });

  it('names proxies where this machine alone can', () => {
    const { level, text = '' } = openDoorNotice({ HOST: 'localhost', AUTH: 'off' }) ?? {};
    expect([level, text]).toEqual(['info', expect.stringContaining('AUTH=keys')]);
  });
});
