import type { Candle } from '@candlekeep/market';
import { type CandlePage, type Fill, readCandlePage } from './answers/candle-page';
import {
  type CallLimits,
  type CandleQuestion,
  type CandleRequest,
  type ColumnRequest,
  columnsQuestion,
  nameOf,
  rowsQuestion,
  type SeriesName,
} from './answers/candle-request';
import {
  type ColumnName,
  type ColumnPage,
  type PlainColumnName,
  readColumnPage,
} from './answers/column-page';
import { type Market, readMarkets } from './answers/markets';
import {
  checkCandleRequest,
  checkColumnRequest,
  checkMarketsRequest,
  checkRangeRequest,
} from './answers/request-options';
import { SharedCalls, type SharedQuestion } from './asking/shared-calls';
import { TickBatch } from './asking/tick-batch';
import { type CandlekeepClientOptions, type ClientSettings, readOptions } from './client-options';
import { type RangeRequest, RangeReader } from './range/range-reader';
import { CandlekeepRequestFailed } from './request-failed';
import { subscribe, type Subscription, type SubscriptionHandlers } from './stream/subscription';
import { GatewayDoor } from './transport/gateway-door';
import { HttpTransport } from './transport/http-transport';

const MARKETS_PATH = '/api/markets';

/** Asks a Candlekeep gateway. One for a process is enough: equal questions under way are shared, those of one tick travel together. */
export class CandlekeepClient {
  /** Hidden from whoever prints the client: the key is in it. */
  readonly #settings: ClientSettings;
  private readonly door: GatewayDoor;
  private readonly batch: TickBatch;
  private readonly calls: SharedCalls<unknown>;
  private readonly closing = new AbortController();

  /** Throws a `TypeError` that names the option that is wrong. Connects to nothing yet. */
  constructor(options: CandlekeepClientOptions) {
    this.#settings = readOptions(options);
    this.door = new GatewayDoor(new HttpTransport(this.#settings));
    this.batch = new TickBatch(this.door);
    this.calls = new SharedCalls(this.#settings.retries);
  }

  /**
   * The newest candles, or those before `toMs`, oldest first, in exact decimal text. Throws {@link CandlekeepRequestFailed}, the
   * signal's reason, or, before anything is asked, a `TypeError` that names the option that is wrong.
   */
  async getCandles<F extends Fill = 'sparse'>(request: CandleRequest<F>): Promise<CandlePage<F>>;
  async getCandles(request: CandleRequest): Promise<CandlePage<Fill>> {
    checkCandleRequest(request);
    const body = await this.askCandles(rowsQuestion(request), request);
    return readCandlePage(body, request.fill ?? 'sparse');
  }

  /** The same as columns of doubles. */
  async getColumns<C extends ColumnName = PlainColumnName>(
    request: ColumnRequest<C>,
  ): Promise<ColumnPage<C>>;
  async getColumns(request: ColumnRequest): Promise<ColumnPage<string>> {
    checkColumnRequest(request);
    return readColumnPage(await this.askCandles(columnsQuestion(request), request));
  }

  /**
   * Every candle that opens in [fromMs, untilMs), oldest first, as fast as they are taken: a range of any length. Ends with
   * {@link CandlekeepRequestFailed} where it cannot go on. Throws a `TypeError` at once that names the option that is wrong.
   */
  readRange(request: RangeRequest): AsyncIterable<Candle> {
    checkRangeRequest(request);
    const { door, closing } = this;
    const settings = this.#settings;
    const signals = [closing.signal, ...(request.signal === undefined ? [] : [request.signal])];
    return new RangeReader(request, { door, settings, signal: AbortSignal.any(signals) }).candles();
  }

  /** Has candles told as they change, until `close()`. Throws a `TypeError` for no series at all, or a handler that is none. */
  subscribe(series: readonly SeriesName[], handlers: SubscriptionHandlers): Subscription {
    this.closing.signal.throwIfAborted();
    const { silenceMs } = this.#settings;
    const parts = { door: this.door, silenceMs, signal: this.closing.signal };
    return subscribe(series, handlers, parts);
  }

  /** Every market that the exchange lists. */
  async getMarkets(limits: CallLimits = {}): Promise<readonly Market[]> {
    checkMarketsRequest(limits);
    const ask = async (signal: AbortSignal) =>
      (await this.door.read({ path: MARKETS_PATH }, signal)).value;
    return readMarkets(await this.ask({ key: MARKETS_PATH, ask }, limits));
  }

  /** Ends everything: what is under way fails, connections and subscriptions close. */
  close(): void {
    const closed = new CandlekeepRequestFailed('this client was closed: make a new one');
    this.closing.abort(closed);
    this.calls.failAll(closed);
    this.door.close();
  }

  private async askCandles(question: CandleQuestion, limits: CallLimits): Promise<unknown> {
    const ask: SharedQuestion<unknown>['ask'] = (signal, isRepeated) =>
      this.batch.ask(question, signal, isRepeated);
    return await this.ask({ key: nameOf(question), ask }, limits);
  }

  private async ask(question: SharedQuestion<unknown>, limits: CallLimits): Promise<unknown> {
    this.closing.signal.throwIfAborted();
    const { deadlineMs: timeoutMs = this.#settings.timeoutMs, signal } = limits;
    return await this.calls.get(question, { timeoutMs, signal });
  }
}
