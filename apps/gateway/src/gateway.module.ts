import { KnownKeys, SessionBook } from '@candlekeep/access';
import { CandleCache, CandleWindow, EncodedPages } from '@candlekeep/candle-cache';
import { ReconciliationTotals } from '@candlekeep/history';
import { HealthModule, MetricsModule, type ReadinessParts } from '@candlekeep/lifecycle';
import { LogLevels } from '@candlekeep/log-levels';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { KeysController } from './access/keys.controller';
import { LoginController } from './access/login.controller';
import { StreamPasses } from './access/stream-passes';
import { CandlesController } from './candles/candles.controller';
import { UnderstoodQuestions } from './candles/understood-questions';
import { BudgetController } from './exchange/budget.controller';
import { ExchangeBudgets } from './exchange/exchange-budgets';
import type { GatewayParts } from './gateway-parts';
import { ApiErrorFilter } from './api/api-error.filter';
import { CacheController } from './history/cache.controller';
import { CandlePurge } from './history/candle-purge';
import { ErrorFilterByPath } from './api/error-filter-by-path';
import { HistoryTasks } from './history/history-tasks';
import { TasksController } from './history/tasks.controller';
import { ApiDescriptionController } from './api-description/api-description.controller';
import { CandleBatch } from './native/batch/candle-batch';
import { CandleBatchController } from './native/batch/candle-batch.controller';
import { KnowledgeController } from './native/knowledge/knowledge.controller';
import { SeriesCoverage } from './native/knowledge/series-coverage';
import { LogLevelController } from './log-level/log-level.controller';
import { NativeCandles } from './native/native-candles';
import { NativeCandlesController } from './native/native-candles.controller';
import { DocsController } from './api-description/docs.controller';
import { Overview } from './overview/overview';
import { OverviewController } from './overview/overview.controller';
import { Preloads } from './preloads/preloads';
import { RunEvents } from './preloads/run-events';
import { PreloadsController } from './preloads/preloads.controller';
import { Strategies } from './strategies/strategies';
import { StrategiesController } from './strategies/strategies.controller';
import { EventStreamController } from './stream/events/event-stream.controller';
import { EventStreams } from './stream/events/event-streams';
import { LiveController } from './stream/live.controller';
import { LiveReader } from './stream/live-reader';
import { ForwardController } from './texts/forward.controller';
import { MarketDirectory } from './texts/market-directory';
import { MarketsController } from './texts/markets.controller';
import { TextAnswers } from './texts/text-answers';
import { CandleUsage } from './usage/candle-usage';
import { LearnedPatterns } from './usage/learned-patterns';
import { PatternsController } from './usage/patterns.controller';
import { UpbitErrorFilter } from './upbit-error.filter';

const CONTROLLERS = [
  CandlesController,
  MarketsController,
  ForwardController,
  NativeCandlesController,
  CandleBatchController,
  KnowledgeController,
  CacheController,
  EventStreamController,
  LiveController,
  BudgetController,
  OverviewController,
  StrategiesController,
  PreloadsController,
  PatternsController,
  ApiDescriptionController,
  DocsController,
  TasksController,
  KeysController,
  LoginController,
  LogLevelController,
] as const;

/** The gateway's HTTP side over parts that are open already. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts, self: Omit<ReadinessParts, 'checks'>): DynamicModule {
    const { log } = parts;
    const filter = new ErrorFilterByPath({
      api: new ApiErrorFilter(log),
      exchange: new UpbitErrorFilter(log),
    });
    return {
      module: GatewayModule,
      imports: [
        HealthModule.with({ ...self, checks: parts.readiness }),
        MetricsModule.with(parts.metering.metrics),
      ],
      controllers: [...CONTROLLERS],
      providers: [
        ...accessProviders(parts),
        { provide: CandleCache, useValue: parts.candles },
        { provide: UnderstoodQuestions, useValue: parts.questions },
        { provide: EncodedPages, useValue: parts.pages },
        ...nativeProviders(parts),
        { provide: Overview, useValue: parts.metering.overview },
        { provide: LogLevels, useValue: parts.levels },
        { provide: TextAnswers, useValue: parts.texts },
        { provide: MarketDirectory, useValue: parts.directory },
        { provide: CandleWindow, useValue: parts.window },
        { provide: HistoryTasks, useValue: parts.history },
        { provide: CandlePurge, useValue: parts.purge },
        { provide: ReconciliationTotals, useValue: parts.totals },
        { provide: ExchangeBudgets, useValue: parts.budgets },
        { provide: EventStreams, useValue: parts.streams.events },
        { provide: LiveReader, useValue: parts.streams.live },
        { provide: Strategies, useValue: parts.foresight.strategies },
        { provide: Preloads, useValue: parts.foresight.preloads },
        { provide: RunEvents, useValue: parts.foresight.runEvents },
        { provide: CandleUsage, useValue: parts.foresight.usage },
        { provide: LearnedPatterns, useValue: parts.foresight.patterns },
        { provide: APP_FILTER, useValue: filter },
      ],
    };
  }
}

function accessProviders({ access }: GatewayParts) {
  return [
    { provide: KnownKeys, useValue: access.keys },
    { provide: SessionBook, useValue: access.sessions },
    { provide: StreamPasses, useValue: access.passes },
  ];
}

function nativeProviders({ native }: GatewayParts) {
  return [
    { provide: NativeCandles, useValue: native.candles },
    { provide: CandleBatch, useValue: native.batch },
    { provide: SeriesCoverage, useValue: native.coverage },
  ];
}
