import type { Clock } from '@candlekeep/clock';
import { HashSequence } from '../tape/hash-sequence';
import type { Effect } from './fault-kind';
import type { FaultRequest } from './fault-request';

const FINENESS = 1_000_000;

/** What faults can tell calls apart by. */
export interface StruckCall {
  readonly group: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** An effect on a single call. */
export type CallEffect = Exclude<Effect, { kind: 'last' }>;

/** A fault as the control API shows it: as it was asked for, and what has become of it. */
export interface FaultReport {
  readonly id: number;
  /** How many calls it has struck. */
  readonly struck: number;
  /** Whether it may still strike. */
  readonly isActive: boolean;
  readonly [member: string]: unknown;
}

interface PlannedFault {
  readonly id: number;
  readonly request: FaultRequest;
  readonly draw: HashSequence;
  /** On the clock that never goes back. */
  readonly untilMs: number;
  readonly ended: AbortController;
  struck: number;
}

/** The faults that are switched on. Of several that fit a call the one that was switched on first strikes. */
export class FaultPlan {
  private faults: PlannedFault[] = [];
  private lastId = 0;
  private cleared = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** Aborts when {@link clear} is called next. */
  get signal(): AbortSignal {
    return this.cleared.signal;
  }

  /** Switches a fault on. */
  add(request: FaultRequest): FaultReport {
    this.lastId += 1;
    const { seed, forMs } = request.terms;
    const fault: PlannedFault = {
      id: this.lastId,
      request,
      draw: new HashSequence(seed),
      untilMs: this.clock.monotonicMs() + (forMs ?? Infinity),
      ended: new AbortController(),
      struck: 0,
    };
    this.faults.push(fault);
    if (request.effect.kind === 'last') this.begin(fault, request.effect);
    return this.report(fault);
  }

  /** Whether and how a call is struck; counts the strike. */
  strike(call: StruckCall): CallEffect | undefined {
    for (const fault of this.faults) {
      const { effect } = fault.request;
      if (effect.kind === 'last' || !this.isActive(fault)) continue;
      if (!matches(fault, call) || !isDrawn(fault)) continue;
      fault.struck += 1;
      return effect;
    }
    return undefined;
  }

  /** In the order in which they were switched on, those that are over included. */
  list(): FaultReport[] {
    return this.faults.map((fault) => this.report(fault));
  }

  /** Ends one fault; false when there is none with this id. */
  remove(id: number): boolean {
    const fault = this.faults.find((planned) => planned.id === id);
    this.faults = this.faults.filter((planned) => planned !== fault);
    if (fault !== undefined) end(fault);
    return fault !== undefined;
  }

  /** Ends all faults, and cuts the answers that they still hold back. */
  clear(): void {
    for (const fault of this.faults.splice(0)) end(fault);
    this.cleared.abort();
    this.cleared = new AbortController();
  }

  private isActive({ request, struck, untilMs, ended }: PlannedFault): boolean {
    const isLeft = struck < (request.terms.times ?? Infinity);
    return isLeft && !ended.signal.aborted && this.clock.monotonicMs() < untilMs;
  }

  private report(fault: PlannedFault): FaultReport {
    const { id, struck, request } = fault;
    return { id, ...request.asked, struck, isActive: this.isActive(fault) };
  }

  /** A wait that ends with the fault; what it ends in is the fault's end either way. */
  private begin(
    fault: PlannedFault,
    { begin, end: undo }: Extract<Effect, { kind: 'last' }>,
  ): void {
    begin();
    fault.ended.signal.addEventListener('abort', undo, { once: true });
    const { forMs } = fault.request.terms;
    if (forMs === undefined) return;
    this.clock.sleep(forMs, fault.ended.signal).then(
      () => {
        end(fault);
      },
      () => undefined,
    );
  }
}

function end({ ended }: PlannedFault): void {
  ended.abort();
}

function matches({ request }: PlannedFault, { group, path, query }: StruckCall): boolean {
  const { match } = request.terms;
  const markets = [query.get('market') ?? '', query.get('markets') ?? ''].join(',').toUpperCase();
  return (
    (match.group === undefined || match.group === group) &&
    (match.path === undefined || path.startsWith(match.path)) &&
    (match.market === undefined || markets.split(',').includes(match.market.toUpperCase()))
  );
}

function isDrawn({ request, draw }: PlannedFault): boolean {
  const { probability } = request.terms;
  return probability === undefined || draw.below(FINENESS) < probability * FINENESS;
}
