import type { MarketCode } from '@candlekeep/market';
import type { PreloadRun } from '@candlekeep/preloader';
import {
  analyseStrategy,
  type ListedStrategy,
  parseStrategy,
  type SeriesNeed,
  type StoredStrategy,
  type Strategy,
  type StrategyBook,
  StrategyRefused,
} from '@candlekeep/strategies';
import type { Logger } from '@candlekeep/telemetry';
import { ApiRefusal, badRequest, type FieldProblem } from '../api/api-refusal';
import type { MarketDirectory } from '../texts/market-directory';

/** Runs that bring what a strategy needs. */
export interface StrategyRuns {
  /** Opens a run, or finds the one that is under way. */
  open(strategyId: string): Promise<PreloadRun>;
  /** Ends whatever is under way for a strategy. */
  cancelOf(strategyId: string, reason?: string): Promise<void>;
}

export interface StrategiesParts {
  readonly book: Pick<StrategyBook, 'put' | 'find' | 'list' | 'remove' | 'setActive'>;
  readonly runs: StrategyRuns;
  /** Says a new run to the workers. */
  readonly announce: (runId: string) => Promise<unknown>;
  readonly directory: Pick<MarketDirectory, 'isListed'>;
  readonly log: Logger;
}

/** A strategy as it is now, and the run that brings what it needs, if it is active. */
export interface StrategyChange {
  readonly stored: StoredStrategy;
  readonly run?: PreloadRun;
}

/** Strategies as people handle them: kept in the book; what active ones need is brought. Methods throw an `ApiRefusal`. */
export class Strategies {
  constructor(private readonly parts: StrategiesParts) {}

  /** Keeps a document under a name. What an active one needs now is brought, and no longer what it needed before. */
  async put(
    id: string,
    document: unknown,
    options: { readonly isActive?: boolean },
  ): Promise<StrategyChange & { readonly isNew: boolean }> {
    const strategy = this.parse(document, id);
    await this.refuseUnlisted(strategy, document);
    const { stored, isNew } = await this.parts.book.put(strategy, document, options);
    if (stored.isActive) {
      if (!isNew) await this.parts.runs.cancelOf(id, 'the strategy has changed');
      return { stored, isNew, run: await this.bring(id) };
    }
    if (!isNew) await this.endRuns(id);
    return { stored, isNew };
  }

  async list(): Promise<readonly ListedStrategy[]> {
    return await this.parts.book.list();
  }

  async get(id: string): Promise<StoredStrategy> {
    return (await this.find(id)) ?? refuseUnknown(id);
  }

  async needs(id: string, startUpError: number): Promise<readonly SeriesNeed[]> {
    return analyseStrategy((await this.get(id)).strategy, { startUpError });
  }

  async remove(id: string): Promise<void> {
    if (!(await this.parts.book.remove(id))) refuseUnknown(id);
    await this.endRuns(id);
  }

  /** The run that brings what it needs: a new one, or the one that is under way. */
  async activate(id: string): Promise<PreloadRun> {
    await this.get(id);
    const listed = (await this.parts.book.setActive(id, true)) ?? refuseUnknown(id);
    if ('unreadable' in listed) refuseUnreadable(id, listed.unreadable);
    return await this.bring(id);
  }

  /** Also one that this version does not take. */
  async deactivate(id: string): Promise<ListedStrategy> {
    const listed = (await this.parts.book.setActive(id, false)) ?? refuseUnknown(id);
    await this.endRuns(id);
    return listed;
  }

  private async find(id: string): Promise<StoredStrategy | undefined> {
    try {
      return await this.parts.book.find(id);
    } catch (error) {
      if (error instanceof StrategyRefused) refuseUnreadable(id, error.message);
      throw error;
    }
  }

  /** Activated again by somebody else meanwhile, it would stand there active with its run ended: then there is a new one. */
  private async endRuns(id: string): Promise<void> {
    await this.parts.runs.cancelOf(id);
    if (await this.isBrought(id)) await this.bring(id);
  }

  /**
   * Opens a run. Whoever deletes or deactivates changes the book first and cancels then: a run that was opened after that
   * is found here, by a look at the book after opening it.
   */
  private async bring(id: string): Promise<PreloadRun> {
    const { runs } = this.parts;
    const run = await runs.open(id);
    if (await this.isBrought(id)) await this.announce(run.id);
    else await runs.cancelOf(id);
    return run;
  }

  /** What is not understood cannot be brought, active or not. */
  private async isBrought(id: string): Promise<boolean> {
    try {
      return (await this.parts.book.find(id))?.isActive === true;
    } catch (error) {
      if (error instanceof StrategyRefused) return false;
      throw error;
    }
  }

  /** One of the workers looks into the book each ten seconds anyway. */
  private async announce(runId: string): Promise<void> {
    try {
      await this.parts.announce(runId);
    } catch (error) {
      this.parts.log.warn('a preload run could not be said to the workers yet', { error, runId });
    }
  }

  private parse(document: unknown, id: string): Strategy {
    try {
      return parseStrategy(document, id);
    } catch (error) {
      if (error instanceof StrategyRefused) throw badRequest(error.problems);
      throw error;
    }
  }

  private async refuseUnlisted(strategy: Strategy, document: unknown): Promise<void> {
    const problems: FieldProblem[] = [];
    for (const [market, fields] of marketsOf(strategy, document)) {
      if (await this.parts.directory.isListed(market)) continue;
      const expected = `expected a listed market; ${market} is none`;
      problems.push(...fields.map((field) => ({ field, expected })));
    }
    if (problems.length > 0) throw badRequest(problems);
  }
}

/** Each market that enabled rules look at, with the places where it is named. */
function marketsOf(
  strategy: Strategy,
  document: unknown,
): ReadonlyMap<MarketCode, readonly string[]> {
  const isSymbol = typeof document === 'object' && document !== null && 'symbol' in document;
  const markets = new Map([[strategy.market, [isSymbol ? 'symbol' : 'market']]]);
  for (const { series, reasons } of analyseStrategy(strategy)) {
    if (series.market === strategy.market) continue;
    const fields = reasons.map(({ where }) => `${where}.params.market`);
    markets.set(series.market, [...(markets.get(series.market) ?? []), ...fields]);
  }
  return markets;
}

function refuseUnreadable(id: string, why: string): never {
  throw new ApiRefusal(
    409,
    `This version does not take the document that is kept under "${id}" (${why}): PUT it anew, or DELETE it.`,
  );
}

function refuseUnknown(id: string): never {
  throw new ApiRefusal(404, `There is no strategy "${id}": see GET /api/strategies, or PUT it.`);
}
