import type { Allowance, Principal } from '@candlekeep/access';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, as the gate found out before anything else looked at the request. */
    principal: Principal;
    /** What the answer is paid from; undefined where nothing is counted. */
    allowance: Allowance | undefined;
  }
}

/** Whether whoever asks may change things. False for a request that has not come through the gate. */
export function mayAdminister({ principal }: Partial<Pick<FastifyRequest, 'principal'>>): boolean {
  return principal?.scopes.includes('admin') ?? false;
}

/** The name of the key that a program has shown; undefined for anybody else. */
export function keyNameOf({
  principal,
}: Partial<Pick<FastifyRequest, 'principal'>>): string | undefined {
  return principal?.kind === 'key' ? principal.name : undefined;
}

/** Takes an answer of so many candles off what its caller may have; does nothing where nothing is counted. */
export function payFor({ allowance }: Pick<FastifyRequest, 'allowance'>, candles: number): void {
  allowance?.pay(candles);
}
