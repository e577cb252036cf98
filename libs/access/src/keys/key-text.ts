import { hash, timingSafeEqual } from 'node:crypto';
import { secretBytes } from '@candlekeep/clock';

/** The parts of a key's text, `ck_<id>_<secret>`. */
export interface KeyText {
  /** 8 characters that name the key, no secret. */
  readonly id: string;
  /** 32 random bytes as base64url. */
  readonly secret: string;
}

const PREFIX = 'ck_';
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
const SECRET_LENGTH = 43;
const SECRET_START = PREFIX.length + ID_LENGTH + 1;
/** Base32 (RFC 4648) in small letters: nothing in it looks like another of its characters. */
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID = /^[a-z2-7]{8}$/;
const TEXT = /^ck_[a-z2-7]{8}_[A-Za-z0-9_-]{43}$/;

/** A key that never was before. */
export function newKeyText(): KeyText {
  const id = [...secretBytes(ID_LENGTH)].map((byte) => ID_ALPHABET.charAt(byte % 32)).join('');
  return { id, secret: secretBytes(SECRET_BYTES).toString('base64url') };
}

/** As it is shown, once. */
export function formatKeyText({ id, secret }: KeyText): string {
  return `${PREFIX}${id}_${secret}`;
}

/** Undefined for a text that cannot be a key. */
export function parseKeyText(text: string): KeyText | undefined {
  if (text.length !== SECRET_START + SECRET_LENGTH || !TEXT.test(text)) return undefined;
  const id = text.slice(PREFIX.length, PREFIX.length + ID_LENGTH);
  return { id, secret: text.slice(SECRET_START) };
}

/** Whether a text may name a key: 8 characters of base32. */
export function isKeyId(text: string): boolean {
  return ID.test(text);
}

/** SHA-256 of a secret's text: what is kept of it. */
export function hashOfSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Takes as long whether they differ early, late or not at all. */
export function isSecretOf(secret: string, kept: Buffer): boolean {
  return timingSafeEqual(hashOfSecret(secret), kept);
}
