import { Stage } from '../model/stage';

/** Thrown in place of a step of a process that died. */
export class Died extends Error {}

/** Numbers the steps that work takes between the tiers and the exchange, and lets something happen around one of them. */
export class Steps extends Stage {
  /** The names of all steps so far. */
  story: string[] = [];
  private crash: { readonly number: number; readonly isDone: boolean } | undefined;
  private readonly interludes: { readonly name: string; readonly act: () => Promise<void> }[] = [];

  /** Begins to count anew; the process dies at step `number`, with the step done or not. */
  dieAt(number: number, isDone: boolean): void {
    this.story = [];
    this.crash = { number, isDone };
  }

  /** Begins to count anew, and nothing happens. */
  restart(): void {
    this.story = [];
    this.crash = undefined;
  }

  /** Once, after the next step whose name begins so, `act` runs; its own steps are neither counted nor disturbed. */
  after(name: string, act: () => Promise<void>): void {
    this.interludes.push({ name, act });
  }

  override async step<Result>(name: string, effect: () => Promise<Result>): Promise<Result> {
    const number = this.story.push(name) - 1;
    this.dieIf(number, false);
    const result = await effect();
    this.dieIf(number, true);
    const found = this.interludes.findIndex((interlude) => name.startsWith(interlude.name));
    for (const { act } of found < 0 ? [] : this.interludes.splice(found, 1)) await act();
    return result;
  }

  private dieIf(number: number, isDone: boolean): void {
    const { crash } = this;
    if (crash?.isDone !== isDone || number < crash.number) return;
    throw new Died(`died ${isDone ? 'after' : 'before'} step ${crash.number}`);
  }
}
