import type { IncomingMessage } from 'node:http';
import type { Admission, Holder, Quotas } from '@candlekeep/access';
import { UpbitRefusal } from '../upbit-refusal';
import type { Callers } from './callers';
import type { Gate } from './gate';
import { stripKey } from './query-key';
import {
  FREE_PASS,
  STREAM_RETRY_SECONDS,
  type StreamPass,
  type StreamPasses,
  TOO_MANY_STREAMS,
} from './stream-passes';

export interface UpgradesParts {
  readonly gate: Pick<Gate, 'refusalOfUpgrade'>;
  readonly callers: Pick<Callers, 'ofUpgrade'>;
  readonly quotas: Pick<Quotas, 'of'>;
  readonly passes: Pick<StreamPasses, 'take'>;
}

/** Why an upgrade is refused. */
export interface UpgradeRefusal {
  readonly kind: 'refused';
  readonly refusal: UpbitRefusal;
  readonly retryAfterSeconds?: number;
}

/** What becomes of an upgrade to the stream. */
export type UpgradeAdmission =
  UpgradeRefusal | { readonly kind: 'admitted'; readonly pass: StreamPass };

/** Admits programs to the stream as the gate admits requests: by their key, and within its quota. */
export class Upgrades {
  constructor(private readonly parts: UpgradesParts) {}

  /** Rejects with what the counters reject with. The pass that is given is to be ended. */
  async admit(request: IncomingMessage): Promise<UpgradeAdmission> {
    const { gate, callers } = this.parts;
    const refusal = gate.refusalOfUpgrade(request);
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const { headers, url = '' } = request;
    const { holder } = callers.ofUpgrade(headers.authorization, stripKey(url).key);
    return holder === undefined
      ? { kind: 'admitted', pass: FREE_PASS }
      : await this.admitHolder(holder);
  }

  private async admitHolder(holder: Holder): Promise<UpgradeAdmission> {
    const { allowance } = this.parts.quotas.of(holder);
    const admission = await allowance.admit();
    if (admission.kind === 'spent') return quotaSpent(admission);
    const pass = this.parts.passes.take({ principal: holder.principal, allowance });
    if (pass !== undefined) return { kind: 'admitted', pass };
    const refusal = new UpbitRefusal(429, TOO_MANY_STREAMS);
    return { kind: 'refused', refusal, retryAfterSeconds: STREAM_RETRY_SECONDS };
  }
}

function quotaSpent({ retryAfterMs }: Extract<Admission, { kind: 'spent' }>): UpgradeRefusal {
  const refusal = new UpbitRefusal(429, 'Too many API requests.');
  return { kind: 'refused', refusal, retryAfterSeconds: Math.ceil(retryAfterMs / 1_000) };
}
