import type { CallLimiter } from '@candlekeep/exchange-client';
import { memoryTiers } from './memory-tiers';
import type { ReplayTiers } from './preload-house';
import { RealTiers } from './real-tiers';
import type { ReplayClock } from './replay-clock';
import type { ReplayServers } from './run-variant';
import { VirtualLimiters } from './virtual-limiter';

/** The servers of all replays of a run: the real limiter, and tiers in memory or real ones. */
export class ReplayBench implements ReplayServers {
  private constructor(
    private readonly limiters: VirtualLimiters,
    private readonly real: RealTiers | undefined,
  ) {}

  static async open(tiers: 'memory' | 'real'): Promise<ReplayBench> {
    const real = tiers === 'real' ? await RealTiers.open() : undefined;
    return new ReplayBench(VirtualLimiters.open(), real);
  }

  async limiterOf(clock: ReplayClock): Promise<CallLimiter> {
    return await this.limiters.limiterOf(clock);
  }

  async tiersOf(clock: ReplayClock): Promise<ReplayTiers> {
    return this.real === undefined ? memoryTiers(clock) : await this.real.tiersOf(clock);
  }

  async close(): Promise<void> {
    await this.limiters.close();
    await this.real?.close();
  }
}
