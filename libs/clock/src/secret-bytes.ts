import { randomBytes } from 'node:crypto';

/**
 * Fresh bytes that nobody can foresee, for keys and sessions. No part of `Clock`: a secret that a test could repeat would be none.
 */
export function secretBytes(count: number): Buffer {
  return randomBytes(count);
}
