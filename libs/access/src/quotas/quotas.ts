import type { Clock } from '@candlekeep/clock';
import type { RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import type { Holder } from '../keys/key-ring';
import { Allowance } from './allowance';
import { type Quota, quotaOf } from './quota';
import { RowCounters } from './row-counters';

export interface QuotasParts {
  /** `command` connection to the server that never evicts. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Kept {
  readonly allowance: Allowance;
  readonly quota: Quota;
}

/** The allowances of all keys that have asked. */
export class Quotas {
  /** By rows a minute: most keys have the same. */
  private readonly counters = new Map<number, RowCounters>();
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly parts: QuotasParts) {}

  /** What the holder of a key may still be answered. */
  of({ principal, rowsPerMinute }: Holder): Kept {
    const known = this.kept.get(principal.id);
    if (known !== undefined) return known;
    const quota = quotaOf(rowsPerMinute);
    const { clock, log } = this.parts;
    const counters = this.countersOf(quota);
    const allowance = new Allowance({ keyId: principal.id, quota, counters, clock, log });
    const made = { allowance, quota };
    this.kept.set(principal.id, made);
    return made;
  }

  private countersOf(quota: Quota): RowCounters {
    const { rows } = quota.sustained;
    const known = this.counters.get(rows);
    if (known !== undefined) return known;
    const made = new RowCounters(quota, this.parts.redis);
    this.counters.set(rows, made);
    return made;
  }
}
