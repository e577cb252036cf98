import { AsyncLocalStorage } from 'node:async_hooks';

/** Thrown in place of a step of a process that died. */
export class Crash extends Error {}

/** Where an actor's process dies: at its n-th step from now, with the step done or not. */
export interface CrashPoint {
  readonly atStep: number;
  readonly isDone: boolean;
}

/** How far an actor may go: so many steps, or until it waits or ends. */
export interface Leave {
  readonly steps: number;
  readonly crash?: CrashPoint;
}

export const FREELY: Leave = { steps: Infinity };

/** Something under way that can be held before each of its steps: a read in a gateway, a job in a worker. */
export class Actor {
  private readonly held: (() => void)[] = [];
  private readonly woken: (() => void)[] = [];
  private steps = 0;
  private crash: CrashPoint | undefined;
  private inFlight = 0;
  private waits = 0;
  private isDead = false;
  private onStop: () => void = ignore;
  /** Every step so far, for the story of a failure. */
  readonly story: string[] = [];

  constructor(readonly name: string) {}

  hasEnded = false;

  /** Whether there is something that it would do if it were let. */
  get canGoOn(): boolean {
    return !this.hasEnded && (this.held.length > 0 || this.woken.length > 0);
  }

  /** Whether word has come that it waited for. */
  get isWoken(): boolean {
    return !this.hasEnded && this.woken.length > 0;
  }

  /** Its process dies: whatever it does next fails. */
  kill(): void {
    this.isDead = true;
  }

  /** Lets it go on; resolves when it is held again, waits for a load, or has ended. */
  async go({ steps, crash }: Leave, begin?: () => void): Promise<void> {
    this.steps = steps;
    this.crash = crash;
    const stopped = new Promise<void>((resolve) => {
      this.onStop = resolve;
    });
    begin?.();
    for (const wake of this.woken.splice(0)) wake();
    while (this.steps > 0 && this.held.length > 0) this.held.shift()?.();
    if (begin === undefined) this.look();
    await stopped;
  }

  /** One step: held until the leave allows it, and not done by the dead. */
  async step<Result>(name: string, effect: () => Promise<Result>): Promise<Result> {
    if (this.steps <= 0 && !this.isDead) {
      await new Promise<void>((resolve) => {
        this.held.push(resolve);
        this.look();
      });
    }
    this.dieAt(name, false);
    this.steps -= 1;
    this.story.push(name);
    this.inFlight += 1;
    try {
      return await effect();
    } finally {
      this.inFlight -= 1;
      this.look();
      this.dieAt(name, true);
    }
  }

  /** Waits for something outside; goes on only when it is let, after `wake` was called. */
  async wait<Result>(arm: (wake: (result: () => Result) => void) => void): Promise<Result> {
    if (this.isDead) throw new Crash(`${this.name} died before it waited`);
    this.waits += 1;
    let outcome: (() => Result) | undefined;
    await new Promise<void>((resolve) => {
      arm((result) => {
        if (outcome !== undefined) return;
        outcome = result;
        this.woken.push(resolve);
      });
      this.look();
    });
    this.waits -= 1;
    if (outcome === undefined) throw new Error('woken without an outcome');
    return outcome();
  }

  /** What it is and what it did. */
  toString(): string {
    return [this.name, ...this.story].join('\n    ');
  }

  end(): void {
    this.hasEnded = true;
    this.onStop();
  }

  private dieAt(name: string, isDone: boolean): void {
    if (this.crash?.isDone === isDone) {
      if (this.crash.atStep <= 0) this.isDead = true;
      else this.crash = { ...this.crash, atStep: this.crash.atStep - 1 };
    }
    if (this.isDead) throw new Crash(`${this.name} died ${isDone ? 'after' : 'before'} ${name}`);
  }

  /** Says that it has stopped, once nothing of it moves. */
  private look(): void {
    setImmediate(() => {
      if (this.hasEnded || this.inFlight > 0) return;
      if (this.held.length > 0 || this.waits > 0) this.onStop();
    });
  }
}

/** Where actors act, one at a time, so that a run can be repeated. */
export class Stage {
  private readonly current = new AsyncLocalStorage<Actor>();

  /** Begins something and lets it go as far as allowed; `work` must not reject. */
  async begin(actor: Actor, leave: Leave, work: () => Promise<void>): Promise<void> {
    await actor.go(leave, () => {
      this.current.run(actor, () => {
        void work().finally(() => {
          actor.end();
        });
      });
    });
  }

  /** A step of whoever acts; what nobody on the stage does is not held. */
  async step<Result>(name: string, effect: () => Promise<Result>): Promise<Result> {
    const actor = this.current.getStore();
    return actor === undefined ? await effect() : await actor.step(name, effect);
  }

  get actor(): Actor | undefined {
    return this.current.getStore();
  }
}

function ignore(): void {
  // Nobody waits for the first stop before the first go.
}
