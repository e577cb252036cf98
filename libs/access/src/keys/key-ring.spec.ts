import { KeyRing } from './key-ring';
import { formatKeyText, hashOfSecret, newKeyText } from './key-text';

function active(name: string) {
  const made = newKeyText();
  const key = {
    ...{ id: made.id, name, scopes: ['read'] as const, rowsPerMinute: undefined },
    secretHash: hashOfSecret(made.secret),
  };
  return { key, made, text: formatKeyText(made) };
}

describe('the keys in memory', () => {
  it('know who shows one of them, and nobody else', () => {
    const ring = new KeyRing();
    const [bots, charts, stranger] = [active('bots'), active('charts'), active('stranger')];
    ring.replace([bots.key, charts.key]);
    expect(ring.find(bots.text)?.principal).toEqual({
      ...{ kind: 'key', id: bots.made.id, name: 'bots', scopes: ['read'] },
    });
    expect(ring.find(stranger.text)).toBeUndefined();
    const mixed = formatKeyText({ id: bots.made.id, secret: charts.made.secret });
    expect(ring.find(mixed)).toBeUndefined();
    expect(ring.find('ck_')).toBeUndefined();
  });

  it('forget what is no longer among them', () => {
    const ring = new KeyRing();
    const [bots, charts] = [active('bots'), active('charts')];
    ring.replace([bots.key, charts.key]);
    ring.replace([charts.key]);
    expect([ring.find(bots.text), ring.named(bots.made.id), ring.size]).toEqual([
      ...[undefined, undefined, 1],
    ]);
    expect(ring.named(charts.made.id)?.principal.name).toBe('charts');
  });
});
