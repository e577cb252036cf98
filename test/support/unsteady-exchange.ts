import { ExchangeUnavailable, type UpbitRestClient } from '@candlekeep/exchange-client';
import type { PageExchange } from '../../apps/worker/src/exchange-look';

/** How the exchange is: it answers, it is down, it takes for ever, or it does what the test says. */
export type Mood = 'answers' | 'down' | 'silent' | (() => Error);

/** An exchange that answers, or does not, as a test pleases. */
export class UnsteadyExchange implements PageExchange {
  mood: Mood = 'answers';

  constructor(private readonly exchange: PageExchange) {}

  async getCandles(
    query: Parameters<UpbitRestClient['getCandles']>[0],
  ): ReturnType<UpbitRestClient['getCandles']> {
    await this.suffer();
    return await this.exchange.getCandles(query);
  }

  async forward(
    query: Parameters<UpbitRestClient['forward']>[0],
  ): ReturnType<UpbitRestClient['forward']> {
    await this.suffer();
    return await this.exchange.forward(query);
  }

  private async suffer(): Promise<void> {
    const { mood } = this;
    if (mood === 'silent') await new Promise(() => undefined);
    if (mood === 'down') throw new ExchangeUnavailable('the exchange does not answer');
    if (typeof mood === 'function') throw mood();
  }
}
