import type { Clock } from '@candlekeep/clock';
import { isMarketCode, type MarketCode } from '@candlekeep/market';
import { ChannelListener, keys, type RedisConnection, StrangeMessages } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';

/** What a writer of L1 told in the step in which it became so (put-page.lua). */
export type WindowChange =
  /** Another sight of the present. */
  | { readonly kind: 'sight'; readonly market: MarketCode }
  /** Finals that were shown before are not to be believed, unless they were read under this revision. */
  | {
      readonly kind: 'revision';
      readonly market: MarketCode;
      readonly series: string;
      readonly revision: string;
    };

/** Who is told. Nothing here may throw. */
export interface WindowChangesAudience {
  changed(change: WindowChange): void;
  /** From now on changes are missed. */
  lost(): void;
  /** Changes are heard again. */
  back(): void;
}

export interface WindowChangesParts {
  /** `subscriber` connection to the cache server, for this alone. It belongs to whoever opened it. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

const NOT_UNDERSTOOD =
  'a change of L1 could not be understood, so all encoded pages are dropped: is a newer version writing?';

/** Hears what changes in L1, of all series. What cannot be understood counts as a loss: whoever is told begins anew. */
export class WindowChanges {
  private readonly listener: ChannelListener;
  private readonly strange: StrangeMessages;

  constructor(private readonly parts: WindowChangesParts) {
    this.strange = new StrangeMessages({ ...parts, line: NOT_UNDERSTOOD });
    this.listener = new ChannelListener({ ...parts, what: 'the changes of L1' });
  }

  /** Resolves when nothing that is told from now on is missed; waits for a server that is away. Call once. */
  async start(audience: WindowChangesAudience): Promise<void> {
    const { subscriber } = this.parts;
    await this.listener.start(keys.windowChanges(subscriber.options.db ?? 0), {
      heard: (channel, message) => {
        const change = findChange(message);
        if (change !== undefined) {
          audience.changed(change);
          return;
        }
        this.strange.refuse(channel, message);
        audience.lost();
        audience.back();
      },
      lost: () => {
        audience.lost();
      },
      back: () => {
        audience.back();
      },
    });
    audience.back();
  }

  async close(): Promise<void> {
    await this.listener.close();
  }
}

/** Reads `sight KRW-BTC:1m` or `revision KRW-BTC:1m 1795357759285`. */
function findChange(message: string): WindowChange | undefined {
  const [kind, series = '', revision] = message.split(' ');
  const market = series.slice(0, series.indexOf(':'));
  if (!isMarketCode(market)) return undefined;
  if (kind === 'sight' && revision === undefined) return { kind, market };
  if (kind === 'revision' && revision !== undefined) return { kind, market, series, revision };
  return undefined;
}
