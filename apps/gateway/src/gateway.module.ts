import { CandleCache } from '@candlekeep/candle-cache';
import { HealthModule } from '@candlekeep/lifecycle';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CandlesController } from './candles/candles.controller';
import type { GatewayParts } from './gateway-parts';
import { ForwardController } from './texts/forward.controller';
import { MarketDirectory } from './texts/market-directory';
import { MarketsController } from './texts/markets.controller';
import { TextAnswers } from './texts/text-answers';
import { UpbitErrorFilter } from './upbit-error.filter';

/** The gateway's HTTP side over parts that are open already. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [HealthModule.with(parts.readiness)],
      controllers: [CandlesController, MarketsController, ForwardController],
      providers: [
        { provide: CandleCache, useValue: parts.candles },
        { provide: TextAnswers, useValue: parts.texts },
        { provide: MarketDirectory, useValue: parts.directory },
        { provide: APP_FILTER, useValue: new UpbitErrorFilter(parts.log) },
      ],
    };
  }
}
