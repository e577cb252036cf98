import fc from 'fast-check';
import {
  formatKeyText,
  hashOfSecret,
  isKeyId,
  isSecretOf,
  newKeyText,
  parseKeyText,
} from './key-text';

describe('the text of a key', () => {
  it('holds 8 characters of a name and 32 random bytes, and reads back as it was made', () => {
    const made = Array.from({ length: 200 }, newKeyText);
    for (const key of made) {
      expect(formatKeyText(key)).toMatch(/^ck_[a-z2-7]{8}_[A-Za-z0-9_-]{43}$/);
      expect(parseKeyText(formatKeyText(key))).toEqual(key);
      expect(Buffer.from(key.secret, 'base64url')).toHaveLength(32);
    }
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(200);
  });

  it('is no other text, nor one with anything before, behind or left out', () => {
    const text = formatKeyText(newKeyText());
    for (const other of [
      ` ${text}`,
      `${text}\n`,
      text.slice(1),
      text.slice(0, -1),
      `${text}a`,
      '',
    ]) {
      expect(parseKeyText(other)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (other) => parseKeyText(other) === undefined));
  });

  it('begins with an id that can be told from other texts', () => {
    expect(isKeyId(newKeyText().id)).toBe(true);
    for (const other of [
      '',
      'abcd234',
      'abcd23456',
      'ABCD2345',
      'abcd0189',
      'abc\0d234',
      'abcd2345\n',
    ]) {
      expect(isKeyId(other)).toBe(false);
    }
  });

  it('is known by the hash of its secret alone', () => {
    const [right, wrong] = [newKeyText(), newKeyText()];
    const kept = hashOfSecret(right.secret);
    expect(kept).toHaveLength(32);
    expect([isSecretOf(right.secret, kept), isSecretOf(wrong.secret, kept)]).toEqual([true, false]);
  });
});
