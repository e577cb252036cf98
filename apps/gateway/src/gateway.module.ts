import { CandleCache } from '@candlekeep/candle-cache';
import { HealthModule } from '@candlekeep/lifecycle';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CandlesController } from './candles/candles.controller';
import type { GatewayParts } from './gateway-parts';
import { MarketList } from './markets/market-list';
import { MarketsController } from './markets/markets.controller';
import { UpbitErrorFilter } from './upbit-error.filter';

/** The gateway's HTTP side over parts that are open already. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [HealthModule.with(parts.readiness)],
      controllers: [CandlesController, MarketsController],
      providers: [
        { provide: CandleCache, useValue: parts.candles },
        { provide: MarketList, useValue: parts.markets },
        { provide: APP_FILTER, useClass: UpbitErrorFilter },
      ],
    };
  }
}
